import type { ValidationResult } from '../../contracts/validation';
import { count, loss } from '../format';
import { html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

/** Mean log loss of the competition's first place on season 11, 54 classes. */
const WINNER = 0.0051;
const WINNER_CLASSES = 54;

interface Score {
  readonly label: string;
  readonly kind: 'model' | 'winner' | 'baseline';
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly meaning: string;
}

export function scoreSection(result: ValidationResult): Section {
  const scores = scoresOf(result);
  return {
    id: 'score',
    title: 'The score beside others',
    body: html`<p>
        Mean aggregated log loss over all sequences and classes: the competition's measure, smaller is better. Most of
        its cells are easy zeros, so a score means nothing without the scores of those who know nothing.
      </p>
      ${chart('score', 'Scores on one logarithmic scale; the table below has the same figures.')}
      ${table({
        id: 'scores',
        caption: 'Log loss, smaller is better',
        rows: scores,
        columns: [
          { head: 'Who', cell: (score) => score.label, value: (score) => score.label },
          { head: 'Log loss', cell: (score) => loss(score.value), value: (score) => score.value },
          { head: '95 % interval', cell: rangeOf, numeric: true },
          { head: 'What it is', cell: (score) => score.meaning, wide: true },
        ],
        rowClass: (score) => (score.kind === 'model' ? 'ours' : undefined),
      })}
      <p class="note">
        The winners’ score belongs to another season, its class balance and its ${WINNER_CLASSES} classes; it shows
        where the ceiling of the field is, not what this data would
        allow.${result.classes.length === WINNER_CLASSES ? null : ` With ${count(result.classes.length)} classes the same skill gives another score.`}
      </p>`,
  };
}

export function scoresOf(result: ValidationResult): readonly Score[] {
  const { baselines, logLoss } = result;
  const classes = result.classes.length;
  const scores: Score[] = [
    {
      label: 'Winners',
      kind: 'winner',
      value: WINNER,
      meaning: `First place, Snapshot Serengeti season 11, ${WINNER_CLASSES} classes`,
    },
    {
      label: 'This model',
      kind: 'model',
      value: logLoss.value,
      low: logLoss.low,
      high: logLoss.high,
      meaning: 'On the held-out seasons, with the sampling of empties undone',
    },
    {
      label: 'Uncorrected',
      kind: 'baseline',
      value: result.logLossUncorrected,
      meaning: 'This model as it was trained, on the balance of the sampled data and not calibrated',
    },
    {
      label: 'Class frequencies',
      kind: 'baseline',
      value: baselines.truePrior,
      meaning: 'No look at the photographs: how often each class occurs in the training seasons',
    },
    {
      label: 'Sampled frequencies',
      kind: 'baseline',
      value: baselines.sampledPrior,
      meaning: 'The same, as it looks after sampling',
    },
    { label: 'Uniform', kind: 'baseline', value: baselines.uniform, meaning: `1/${classes} for every class` },
    { label: 'All one half', kind: 'baseline', value: Math.LN2, meaning: '0.5 in every cell' },
  ];
  return scores.sort((a, b) => a.value - b.value);
}

function rangeOf({ low, high }: Score): string {
  return low === undefined || high === undefined ? '' : `${loss(low)} to ${loss(high)}`;
}
