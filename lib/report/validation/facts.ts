import { formatMinute } from '../../contracts/format';
import type { ArtifactFact, RunFacts, StepFact } from '../../contracts/report';
import { STEPS } from '../../contracts/steps';
import { bytes, count, duration, plural } from '../format';
import { html, type Html } from '../html';
import type { Section } from '../page';
import { table } from '../table';

export function factSection(run: RunFacts): Section {
  return {
    id: 'run',
    title: 'The run',
    body: html`<p>
        ${moment(run.createdAt)}${run.machine === undefined ? null : html`, on ${run.machine}`}. ${traffic(run)}
        ${looked(run)}
      </p>
      <h3>Input</h3>
      <p>
        The same run again: paste this into the Temporal UI (Start Workflow, type <code>trainPipeline</code>), or give
        it to <code>serengeti run --input</code>.
      </p>
      <div class="copy">
        <pre id="input" tabindex="0"><code>${JSON.stringify(run.input, null, 2)}</code></pre>
        <button type="button" data-copy="input">Copy</button>
      </div>
      <h3>Steps</h3>
      ${table<StepFact>({
        id: 'steps',
        caption: 'Steps',
        rows: run.steps,
        columns: [
          { head: 'Step', cell: (step) => STEPS[step.step].title },
          {
            head: 'Time',
            cell: (step) => (step.seconds === undefined ? '—' : duration(step.seconds)),
            value: (step) => step.seconds ?? null,
          },
          { head: 'Parts', cell: (step) => count(step.parts), value: (step) => step.parts },
          { head: 'Were there already', cell: (step) => count(step.reused), value: (step) => step.reused },
        ],
      })}
      <details>
        <summary>Artifacts and their keys</summary>
        ${table<ArtifactFact>({
          id: 'artifacts',
          caption: 'Artifacts',
          rows: run.artifacts,
          columns: [
            {
              head: 'Kind',
              cell: (artifact) => html`${artifact.kind}${artifact.note === undefined ? null : ` ${artifact.note}`}`,
              value: (artifact) => artifact.kind,
            },
            { head: 'Size', cell: (artifact) => bytes(artifact.bytes), value: (artifact) => artifact.bytes },
            {
              head: 'Reused',
              cell: (artifact) => (artifact.reused ? 'yes' : 'no'),
              value: (artifact) => (artifact.reused ? 'yes' : 'no'),
            },
            { head: 'Key', cell: (artifact) => html`<code>${artifact.key}</code>` },
          ],
        })}
      </details>
      <h3>Data and programs</h3>
      <dl class="facts">
        <div>
          <dt>Catalog</dt>
          <dd>${run.catalog.name}</dd>
        </div>
        ${described('Licence', run.catalog.licence)} ${described('Citation', run.catalog.citation)}
        ${Object.entries(run.versions).map(([program, version]) => described(program, version))}
      </dl>`,
  };
}

function traffic({ bytesFetched, bytesSaved = 0 }: RunFacts): string {
  const fetched = bytesFetched === 0 ? 'Nothing had to be fetched' : `${bytes(bytesFetched)} were fetched`;
  return bytesSaved === 0 ? `${fetched}.` : `${fetched}; ${bytes(bytesSaved)} need not be.`;
}

function looked({ frames: { seen, reused, truncated, unreadable } }: RunFacts): string {
  const parts = [
    reused > 0 ? `${count(reused)} of them by earlier runs` : '',
    truncated > 0 ? `${count(truncated)} cut short` : '',
    unreadable > 0 ? `${count(unreadable)} unreadable` : '',
  ].filter((part) => part !== '');
  return `${plural(seen, 'frame')} ${seen === 1 ? 'was' : 'were'} looked at${parts.map((part) => `, ${part}`).join('')}.`;
}

function described(name: string, text: string): Html | null {
  return text === ''
    ? null
    : html`<div>
        <dt>${name}</dt>
        <dd>${text}</dd>
      </div>`;
}

function moment(iso: string): string {
  return `Written ${formatMinute(iso)} UTC`;
}
