import type { PickCounts, Split } from '../../contracts/pick';
import type { ModelCard } from '../../contracts/model';
import { count, listed, percent, plural } from '../format';
import { html, type Html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

interface Row {
  readonly className: string;
  readonly trainBefore: number;
  readonly trainAfter: number;
  readonly validationBefore: number;
  readonly validationAfter: number;
}

export function samplingSection(counts: PickCounts, card: ModelCard): Section {
  const { train, validation } = counts;
  return {
    id: 'sampling',
    title: 'What was learned from',
    body: html`<p>
        Of ${plural(train.before, 'training sequence')} ${count(train.after)} were used, of
        ${plural(validation.before, 'held-out sequence')} ${count(validation.after)}; of each sequence
        ${framesOf(card)}. What the sampling changed in the balance of classes is undone in every prediction.
      </p>
      ${drops(counts)} ${sharedSites(counts.sharedSites)}
      ${chart('sampling', 'Training sequences of each class before and after sampling; the table below has the same figures.', html`Training sequences of each class: before (ring) and after (dot) sampling.`)}
      <details>
        <summary>Counts as a table</summary>
        ${table({
          id: 'sampling-table',
          caption: 'Sequences of each class',
          rows: rowsOf(counts),
          columns: [
            { head: 'Class', cell: (row) => row.className, value: (row) => row.className },
            { head: 'Training, all', cell: (row) => count(row.trainBefore), value: (row) => row.trainBefore },
            { head: 'used', cell: (row) => count(row.trainAfter), value: (row) => row.trainAfter },
            {
              head: 'kept',
              cell: (row) => percent(counts.samplingRates[row.className]),
              value: (row) => counts.samplingRates[row.className] ?? null,
            },
            { head: 'Held out, all', cell: (row) => count(row.validationBefore), value: (row) => row.validationBefore },
            { head: 'used', cell: (row) => count(row.validationAfter), value: (row) => row.validationAfter },
          ],
        })}
      </details>`,
  };
}

function framesOf({ framesPerSequence }: ModelCard): string {
  if (framesPerSequence === 'first') return 'the first frame';
  if (framesPerSequence === 'all') return 'all frames';
  return `up to ${plural(framesPerSequence, 'frame')}`;
}

function drops({ dropped }: PickCounts): Html | null {
  const some = dropped.filter(({ sequences }) => sequences > 0);
  if (some.length === 0) return null;
  return table({
    id: 'dropped-table',
    caption: 'Why sequences were left out',
    rows: some,
    columns: [
      { head: 'Rule', cell: (row) => row.reason, value: (row) => row.reason },
      { head: 'Split', cell: (row) => (row.split === 'train' ? 'training' : 'held out'), value: (row) => row.split },
      { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
    ],
  });
}

function sharedSites(sites: readonly string[]): Html {
  if (sites.length === 0) return html`<p>No site occurs both in training and in validation.</p>`;
  return html`<p>
    ${plural(sites.length, 'site')} occur on both sides of the split${sites.length <= 12 ? ` (${listed(sites)})` : ''}:
    their backgrounds are known to the model, and new sites can be harder.
  </p>`;
}

function rowsOf({ classes }: PickCounts): Row[] {
  const names = [...new Set(classes.map((row) => row.className))];
  const find = (className: string, split: Split) =>
    classes.find((row) => row.className === className && row.split === split) ?? { before: 0, after: 0 };
  return names.map((className) => {
    const train = find(className, 'train');
    const validation = find(className, 'validation');
    return {
      className,
      trainBefore: train.before,
      trainAfter: train.after,
      validationBefore: validation.before,
      validationAfter: validation.after,
    };
  });
}
