import type { Estimate, GroupScore, PairedDifference, ValidationResult } from '../../contracts/validation';
import { estimateText, intervalsText } from '../estimate';
import { count, loss, percent } from '../format';
import { html, type Html } from '../html';
import type { Section } from '../page';
import { table } from '../table';
import type { ModelComparison } from './comparison';

interface Measure {
  readonly name: string;
  readonly of: (result: ValidationResult) => Estimate | number;
  /** The same of the difference, sequence by sequence. */
  readonly paired?: (difference: PairedDifference) => Estimate | undefined;
  readonly format: (value: number) => string;
  /** Whether larger is better. */
  readonly larger: boolean;
}

const MEASURES: readonly Measure[] = [
  { name: 'Log loss', of: (result) => result.logLoss, paired: ({ logLoss }) => logLoss, format: loss, larger: false },
  {
    name: 'Right answer',
    of: (result) => result.accuracy,
    paired: ({ accuracy }) => accuracy,
    format: percent,
    larger: true,
  },
  { name: 'Among the first five', of: (result) => result.top5, format: percent, larger: true },
  { name: 'Cross-entropy', of: (result) => result.crossEntropy, format: (value) => value.toFixed(3), larger: false },
  { name: 'Animal or empty: right', of: (result) => result.blank.accuracy, format: percent, larger: true },
  {
    name: 'Animals found',
    of: ({ blank }) => blank.recall ?? 0,
    paired: ({ animalRecall }) => animalRecall,
    format: percent,
    larger: true,
  },
  { name: 'Calibration error', of: (result) => result.calibration.error, format: percent, larger: false },
];

export function scoreSection({ first, second, difference: paired }: ModelComparison): Section {
  const cell = (measure: Measure, result: ValidationResult): Html => {
    const value = measure.of(result);
    if (typeof value === 'number') return html`${measure.format(value)}`;
    return html`${measure.format(value.value)}
      <span class="range">${measure.format(value.low)} to ${measure.format(value.high)}</span>`;
  };
  const difference = (measure: Measure): number =>
    valueOf(measure.of(second.result)) - valueOf(measure.of(first.result));
  return {
    id: 'score',
    title: 'Scores',
    body: html`<p>
        A difference is what ${second.model.name} has
        more${paired === undefined ? '.' : ', with its interval sequence by sequence where it can be told: what both find hard falls out. It is real where the interval leaves out zero.'}
        ${intervalsText(first.result.sites)}
      </p>
      ${table<Measure>({
        id: 'scores',
        caption: 'Scores of the two models',
        rows: MEASURES,
        columns: [
          { head: 'Measure', cell: (measure) => measure.name },
          { head: first.model.name, cell: (measure) => cell(measure, first.result), numeric: true },
          { head: second.model.name, cell: (measure) => cell(measure, second.result), numeric: true },
          {
            head: 'Difference',
            cell: (measure) => {
              const estimate = paired && measure.paired?.(paired);
              if (estimate === undefined) return signed(difference(measure), measure.format);
              return estimateText(estimate, (value) => signed(value, measure.format));
            },
            value: difference,
          },
        ],
        rowClass: (measure) => change(difference(measure), measure.larger),
      })}`,
  };
}

export function groupSection({ first, second }: ModelComparison): Section {
  const groups = (kind: 'perSeason' | 'perSite', id: string, caption: string, head: string): Html => {
    const others = new Map(second.result[kind].map((group) => [group.name, group]));
    const rows = first.result[kind].flatMap((group) => {
      const other = others.get(group.name);
      return other === undefined ? [] : [{ group, other }];
    });
    const difference = ({ group, other }: Pair): number => other.logLoss - group.logLoss;
    return table<Pair>({
      id,
      caption,
      rows,
      columns: [
        { head, cell: ({ group }) => group.name, value: ({ group }) => group.name },
        { head: 'Sequences', cell: ({ group }) => count(group.sequences), value: ({ group }) => group.sequences },
        { head: first.model.name, cell: ({ group }) => loss(group.logLoss), value: ({ group }) => group.logLoss },
        { head: second.model.name, cell: ({ other }) => loss(other.logLoss), value: ({ other }) => other.logLoss },
        { head: 'Difference', cell: (pair) => signed(difference(pair), loss), value: difference },
      ],
      rowClass: (pair) => change(difference(pair), false),
    });
  };
  return {
    id: 'groups',
    title: 'Seasons and sites',
    body: html`${groups('perSeason', 'season-table', 'Log loss of the held-out seasons that both have', 'Season')}
      <details>
        <summary>Sites</summary>
        ${groups('perSite', 'site-table', 'Log loss of the sites that both have', 'Site')}
      </details>`,
  };
}

interface Pair {
  readonly group: GroupScore;
  readonly other: GroupScore;
}

function valueOf(estimate: Estimate | number): number {
  return typeof estimate === 'number' ? estimate : estimate.value;
}

/** A difference with its sign; a true minus, as in print. */
export function signed(value: number, format: (value: number) => string): string {
  const text = format(Math.abs(value));
  return value === 0 ? text : `${value > 0 ? '+' : '−'}${text}`;
}

export function change(difference: number, larger: boolean): string | undefined {
  if (difference === 0) return undefined;
  return difference > 0 === larger ? 'better' : 'worse';
}
