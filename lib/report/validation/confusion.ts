import type { ValidationResult } from '../../contracts/validation';
import { count, percent } from '../format';
import { html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

const LISTED = 20;

interface Confusion {
  readonly truth: string;
  readonly answer: string;
  readonly sequences: number;
  /** Of the sequences of `truth`. */
  readonly share: number;
}

export function confusionSection(result: ValidationResult): Section {
  const confusions = confusionsOf(result);
  return {
    id: 'confusion',
    title: 'What is taken for what',
    body: html`<p>
        Each row is a true class, each cell the share of its sequences that got the column's answer. A perfect model
        fills the diagonal. Classes that neither occur nor are answered are left out.
      </p>
      <p class="controls">
        <label
          >Order
          <select data-order="confusion">
            <option value="frequency">most frequent first</option>
            <option value="name">by name</option>
          </select></label
        >
      </p>
      ${chart('confusion', 'Confusion matrix; the table below lists its largest cells off the diagonal.', html`Rows: true class. Columns: answer. Point at a cell for its counts.`)}
      ${
        confusions.length === 0
          ? html`<p>No sequence was taken for another class.</p>`
          : table({
              id: 'confusions',
              caption: `Most frequent confusions${confusions.length > LISTED ? ` (${LISTED} of ${count(confusions.length)})` : ''}`,
              rows: confusions.slice(0, LISTED),
              columns: [
                { head: 'True class', cell: (row) => row.truth, value: (row) => row.truth },
                { head: 'Answer', cell: (row) => row.answer, value: (row) => row.answer },
                { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
                { head: 'Of the true class', cell: (row) => percent(row.share), value: (row) => row.share },
              ],
            })
      }`,
  };
}

function confusionsOf({ classes, confusion }: ValidationResult): Confusion[] {
  const confusions = confusion.flatMap((row, truth) => {
    const all = row.reduce((sum, cell) => sum + cell, 0);
    return row.flatMap((sequences, answer) =>
      sequences === 0 || answer === truth
        ? []
        : [{ truth: classes[truth]!, answer: classes[answer]!, sequences, share: sequences / all }],
    );
  });
  return confusions.sort((a, b) => b.sequences - a.sequences || b.share - a.share);
}
