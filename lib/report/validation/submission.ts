import type { Agreement, ProgramCheck, SubmissionCheck } from '../../contracts/submission';
import { count, percent, plural } from '../format';
import { html, type Html } from '../html';
import type { Section } from '../page';
import { table } from '../table';

/** What the container of the competition allows. */
const LIMIT_HOURS = 8;

export function submissionSection(check: SubmissionCheck): Section {
  const { programs, sequences, projectedFrames, agreement } = check;
  return {
    id: 'submission',
    title: 'What was packaged',
    body: html`<p>
        The submission was unpacked into a clean folder and run on ${plural(sequences, 'held-out sequence')}; what it
        wrote matches the format. The last column is what the ${count(projectedFrames)} frames of season 11, the test
        set, would take at that speed on this machine, of ${LIMIT_HOURS} hours allowed.
      </p>
      ${table<ProgramCheck>({
        id: 'programs',
        caption: 'Programs of the submission',
        rows: programs,
        columns: [
          { head: 'Program', cell: ({ program }) => html`<code>${program}</code>` },
          { head: 'Ran with', cell: ({ runtime }) => runtime },
          { head: 'Frames', cell: ({ frames }) => count(frames), numeric: true },
          { head: 'Frames a second', cell: ({ framesPerSecond }) => framesPerSecond.toFixed(1), numeric: true },
          { head: 'Test set, hours', cell: ({ projectedHours }) => projectedHours.toFixed(1), numeric: true },
        ],
      })}
      ${agreement === undefined ? alone(programs) : agreed(agreement)}`,
  };
}

function agreed({ largestDifference, sameTop }: Agreement): Html {
  return html`<p>
    The programs agree: no probability differs by more than ${largestDifference.toFixed(4)}, and ${percent(sameTop)} of
    the sequences have the same most probable class.
  </p>`;
}

function alone(programs: readonly ProgramCheck[]): Html | null {
  if (programs.some(({ program }) => program === 'main.py')) return null;
  return html`<p><code>main.py</code> was not run: there is no Python with TensorFlow, NumPy and Pillow here.</p>`;
}
