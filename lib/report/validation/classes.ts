import type { ClassScore, ValidationResult } from '../../contracts/validation';
import { count, percent, plural } from '../format';
import { html, type Html } from '../html';
import { wilson } from '../../model/metrics/wilson';
import type { Section } from '../page';
import { table } from '../table';

/** With fewer sequences a class's figures say little: a 95 % interval of recall spans 40 points and more. */
const FEW = 20;

export function classSection(result: ValidationResult): Section {
  const scores = result.perClass;
  const absent = scores.filter((score) => score.sequences === 0).length;
  const few = scores.filter((score) => score.sequences > 0 && score.sequences < FEW).length;
  return {
    id: 'classes',
    title: 'Class by class',
    body: html`<p>
        The bars are shares, the thin lines their 95 % intervals.
        ${few > 0 ? `${count(few)} of ${count(scores.length)} classes ${few === 1 ? 'has' : 'have'} fewer than ${FEW} held-out sequences; the faint rows say little.` : null}
        ${absent > 0 ? `${plural(absent, 'class has', 'classes have')} none: nothing is known about ${absent === 1 ? 'it' : 'them'}.` : null}
      </p>
      ${
        absent > 0
          ? html`<p class="controls">
              <label><input type="checkbox" data-absent /> Show ${absent === 1 ? 'it' : 'those'}, too</label>
            </p>`
          : null
      }
      ${table({
        id: 'class-table',
        caption: 'Scores by class; press a column’s head to sort',
        rows: [...scores].sort((a, b) => b.sequences - a.sequences || a.className.localeCompare(b.className)),
        columns: [
          { head: 'Class', cell: (score) => score.className, value: (score) => score.className },
          {
            head: 'Trained on',
            title: 'Training sequences',
            cell: (score) => count(score.trainSequences),
            value: (score) => score.trainSequences,
          },
          {
            head: 'Held out',
            title: 'Validation sequences',
            cell: (score) => count(score.sequences),
            value: (score) => score.sequences,
          },
          {
            head: 'Answered',
            title: 'Validation sequences that got this answer',
            cell: (score) => count(score.predicted),
            value: (score) => score.predicted,
          },
          {
            head: 'Precision',
            title: 'Of the answers, how many are right',
            cell: (score) => bar(score.precision, score.predicted),
            value: (score) => score.precision,
          },
          {
            head: 'Recall',
            title: 'Of the sequences, how many are found',
            cell: (score) => bar(score.recall, score.sequences),
            value: (score) => score.recall,
          },
          {
            head: 'Average precision',
            title: 'Area under the precision-recall curve',
            cell: (score) => percent(score.averagePrecision),
            value: (score) => score.averagePrecision,
          },
        ],
        rowClass: faint,
      })}`,
  };
}

function faint(score: ClassScore): string | undefined {
  if (score.sequences === 0) return 'absent';
  return score.sequences < FEW ? 'few' : undefined;
}

function bar(share: number | null, trials: number): Html {
  if (share === null || trials === 0) return html`—`;
  const { low, high } = wilson(Math.round(share * trials), trials);
  const range = `95 %: ${percent(low, 0)} to ${percent(high, 0)}`;
  return html`<span class="bar" title="${range}"
    ><span class="figure">${percent(share, 0)}</span>
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="10" />
      <rect class="fill" width="${(share * 100).toFixed(1)}" height="10" />
      <path class="whisker" d="M${(low * 100).toFixed(1)} 5H${(high * 100).toFixed(1)}" />
    </svg>
    <span class="hidden">${range}</span></span
  >`;
}
