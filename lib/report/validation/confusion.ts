import type { ValidationResult } from '../../contracts/validation';
import { count, percent } from '../format';
import { html, type Html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

/** Rows that are there at once; the others unfold. */
const LISTED = 12;

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
      ${chart('confusion', 'Confusion matrix; the tables below list its cells off the diagonal.', html`Rows: true class. Columns: answer. Point at a cell for its counts.`)}
      ${listedConfusions(confusions)}`,
  };
}

function listedConfusions(confusions: readonly Confusion[]): Html {
  if (confusions.length === 0) return html`<p>No sequence was taken for another class.</p>`;
  const rest = confusions.slice(LISTED);
  return html`${confusionTable('confusions', 'Most frequent confusions', confusions.slice(0, LISTED))}
  ${
    rest.length === 0
      ? null
      : html`<details class="screen">
          <summary>${rest.length === 1 ? 'One more' : `${count(rest.length)} more`}</summary>
          ${confusionTable('more-confusions', 'Less frequent confusions', rest)}
        </details>`
  }`;
}

function confusionTable(id: string, caption: string, rows: readonly Confusion[]): Html {
  return table({
    id,
    caption,
    rows,
    columns: [
      { head: 'True class', cell: (row) => row.truth, value: (row) => row.truth },
      { head: 'Answer', cell: (row) => row.answer, value: (row) => row.answer },
      { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
      { head: 'Of the true class', cell: (row) => percent(row.share), value: (row) => row.share },
    ],
  });
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
