import { count, percent } from '../format';
import { html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';
import { change, signed } from './scores';
import type { ModelComparison } from './comparison';

/** How both models do on a class that the held-out seasons of both have. */
export interface ClassDifference {
  readonly className: string;
  readonly sequences: number;
  /** Average precision. */
  readonly first: number;
  readonly second: number;
}

/** The commonest first. */
export function classDifferences({ first, second }: ModelComparison): ClassDifference[] {
  const others = new Map(second.result.perClass.map((score) => [score.className, score]));
  return first.result.perClass
    .flatMap(({ className, sequences, averagePrecision }) => {
      const other = others.get(className)?.averagePrecision ?? null;
      return averagePrecision === null || other === null
        ? []
        : [{ className, sequences, first: averagePrecision, second: other }];
    })
    .sort((a, b) => b.sequences - a.sequences);
}

export function classSection(comparison: ModelComparison): Section {
  const { first, second } = comparison;
  const rows = classDifferences(comparison);
  const difference = (row: ClassDifference): number => row.second - row.first;
  return {
    id: 'classes',
    title: 'Classes',
    body: html`<p>
        Average precision: the area under precision against recall, from all sequences of a class ranked by their
        probability. Classes without a held-out sequence are left out.
      </p>
      ${chart(
        'classes',
        'Average precision of each class with both models; the table below has the same figures.',
        html`A line joins the two models' figures of a class; the dot is ${second.model.name}.`,
      )}
      ${table<ClassDifference>({
        id: 'class-table',
        caption: 'Average precision',
        rows,
        columns: [
          { head: 'Class', cell: (row) => row.className, value: (row) => row.className },
          { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
          { head: first.model.name, cell: (row) => percent(row.first), value: (row) => row.first },
          { head: second.model.name, cell: (row) => percent(row.second), value: (row) => row.second },
          { head: 'Difference', cell: (row) => signed(difference(row), percent), value: difference },
        ],
        rowClass: (row) => change(difference(row), true),
      })}`,
  };
}
