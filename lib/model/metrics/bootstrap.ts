import { setImmediate } from 'node:timers/promises';
import type { WorkOptions } from '../../contracts/progress';
import type { Estimate } from '../../contracts/validation';
import { Random } from '../random';

const DRAWS = 1000;
/** With fewer sites than this, drawing sites tells nothing; sequences are drawn instead. */
const FEWEST_SITES = 5;
/** Values that are added up before the event loop gets its turn. */
const VALUES_A_TURN = 5_000_000;
/** Purpose of a random generator: see {@link Random}. */
const BOOTSTRAP = 5;

/**
 * Means over sequences, each with the interval that holds 95 % of 1,000 means over sites drawn with replacement:
 * sequences of a site share its background, so they are drawn together. (Percentile bootstrap of clusters: Efron and
 * Tibshirani 1993, chapters 8 and 13.)
 *
 * @param values - by name, one value a sequence
 * @param sites - of the sequences
 */
export async function estimateMeans<Name extends string>(
  values: Readonly<Record<Name, Float64Array>>,
  sites: readonly string[],
  seed: number,
  { signal }: WorkOptions = {},
): Promise<Record<Name, Estimate>> {
  const names = Object.keys(values) as Name[];
  const groups = groupsOf(sites);
  const sizes = sumsBy(groups, new Float64Array(sites.length).fill(1));
  const sums = names.map((name) => sumsBy(groups, values[name]));
  const means = names.map(() => new Float64Array(DRAWS));
  const random = new Random(seed, BOOTSTRAP);
  const drawsATurn = Math.max(1, Math.floor(VALUES_A_TURN / (sizes.length * (names.length + 1))));
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = Uint32Array.from({ length: sizes.length }, () => random.below(sizes.length));
    const count = total(sizes, drawn);
    sums.forEach((sum, name) => (means[name]![draw] = total(sum, drawn) / count));
    if (draw % drawsATurn === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  const estimates = names.map((name, position): [Name, Estimate] => {
    const sorted = means[position]!.sort();
    return [name, { value: mean(values[name]), low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) }];
  });
  return Object.fromEntries(estimates) as Record<Name, Estimate>;
}

/** Which group each sequence is drawn with, from 0. */
function groupsOf(sites: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  for (const site of sites) if (!numbers.has(site)) numbers.set(site, numbers.size);
  const bySite = numbers.size >= FEWEST_SITES;
  return Uint32Array.from(sites, (site, sequence) => (bySite ? numbers.get(site)! : sequence));
}

function sumsBy(groups: Uint32Array, values: Float64Array): Float64Array {
  const sums = new Float64Array(groups.reduce((most, group) => Math.max(most, group + 1), 0));
  groups.forEach((group, sequence) => (sums[group]! += values[sequence]!));
  return sums;
}

function total(sums: Float64Array, drawn: Uint32Array): number {
  let result = 0;
  for (const group of drawn) result += sums[group]!;
  return result;
}

/** Linear between neighbours, as NumPy's default. @param sorted - ascending */
function percentile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}

export function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
