import type { Exploration } from '../../contracts/exploration';
import { count } from '../format';
import { html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

export function sequenceSection({ framesPerSequence, speciesPerSequence }: Exploration): Section {
  return {
    id: 'sequences',
    title: 'What a sequence is',
    body: html`<div class="pair">
        <div>
          <h3>Frames</h3>
          ${chart('frames', 'Sequences by their number of frames; the table below has the same figures.', html`Sequences by their number of frames`)}
        </div>
        <div>
          <h3>Kinds of animals</h3>
          ${chart('species', 'Sequences by their number of kinds of animals; the table below has the same figures.', html`Sequences by how many kinds of animals they show; 0 is empty`)}
        </div>
      </div>
      <details>
        <summary>Counts as tables</summary>
        <div class="pair">
          ${table({
            id: 'frame-table',
            caption: 'Frames of a sequence',
            rows: framesPerSequence,
            columns: [
              { head: 'Frames', cell: (row) => row.frames, value: (row) => row.frames },
              { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
            ],
          })}
          ${table({
            id: 'species-table',
            caption: 'Kinds of animals of a sequence',
            rows: speciesPerSequence,
            columns: [
              { head: 'Kinds', cell: (row) => row.species, value: (row) => row.species },
              { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
            ],
          })}
        </div>
      </details>`,
  };
}
