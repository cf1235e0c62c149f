import type { Estimate } from '../lib/contracts/validation';
import { estimateMean, siteNumbers, type Scale } from '../lib/model/metrics/estimate';
import type { Scores } from './contestants';

/** Figures of one contestant on one set, all over its seeds. */
export interface Standing {
  readonly name: string;
  readonly logLoss: Estimate;
  readonly accuracy: Estimate;
  /** Less those of the reference on the same sequences, with paired intervals; absent of the reference itself. */
  readonly difference?: { readonly logLoss: Estimate; readonly accuracy: Estimate };
}

/** Means, sequence by sequence, over what several seeds led to. */
export function meanOverSeeds(runs: readonly Scores[]): Scores {
  const { sequences } = runs[0]!;
  if (runs.some((run) => run.sequences.length !== sequences.length)) {
    throw new RangeError('Expected the same held-out sequences whatever the seed');
  }
  const meanOf = (values: (run: Scores) => Float64Array) =>
    Float64Array.from(sequences, (_, at) => runs.reduce((sum, run) => sum + values(run)[at]!, 0) / runs.length);
  return { sequences, accuracy: meanOf(({ accuracy }) => accuracy), logLoss: meanOf(({ logLoss }) => logLoss) };
}

/** Contestants beside a reference on the same sequences, with intervals over sites. */
export function compare(contestants: Readonly<Record<string, Scores>>, reference: string): Standing[] {
  const other = contestants[reference]!;
  const sites = siteNumbers(other.sequences.map(({ site }) => site));
  const estimate = (values: Float64Array, scale: Scale): Estimate => estimateMean({ values, sites, scale })!;
  return Object.entries(contestants).map(([name, { logLoss, accuracy, sequences }]): Standing => {
    if (sequences.some((sequence, at) => differs(sequence, other.sequences[at]))) {
      throw new RangeError(`Expected the sequences of "${name}" to be those of "${reference}"`);
    }
    const difference = {
      logLoss: estimate(
        logLoss.map((loss, at) => loss - other.logLoss[at]!),
        'difference',
      ),
      accuracy: estimate(
        accuracy.map((right, at) => right - other.accuracy[at]!),
        'difference',
      ),
    };
    return {
      name,
      logLoss: estimate(logLoss, 'loss'),
      accuracy: estimate(accuracy, 'share'),
      ...(name !== reference && { difference }),
    };
  });
}

type Named = Pick<Scores['sequences'][number], 'name' | 'season'>;

function differs({ name, season }: Named, other: Named | undefined): boolean {
  return name !== other?.name || season !== other.season;
}

/** A table of standings: log loss and accuracy, and how far from the reference, each with its 95 % interval. */
export function standingRows(title: string, reference: string, standings: readonly Standing[]): string[][] {
  return [
    [title, 'log loss', `less ${reference}`, 'accuracy', `less ${reference}`],
    ...standings.map(({ name, logLoss, accuracy, difference }) => [
      name,
      nats(logLoss),
      difference === undefined ? '' : nats(difference.logLoss, signed),
      share(accuracy),
      difference === undefined ? '' : share(difference.accuracy, signed),
    ]),
  ];
}

type Sign = (value: number, text: string) => string;

const plain: Sign = (_, text) => text;
const signed: Sign = (value, text) => (value > 0 ? `+${text}` : text);

function nats({ value, low, high }: Estimate, sign = plain): string {
  const text = (number: number) => sign(number, number.toFixed(4));
  return `${text(value)} [${text(low)}, ${text(high)}]`;
}

function share({ value, low, high }: Estimate, sign = plain): string {
  const text = (number: number) => sign(number, (100 * number).toFixed(1));
  return `${text(value)} % [${text(low)}, ${text(high)}]`;
}
