import type { Estimate } from '../../contracts/validation';
import { LARGEST_LOSS } from './logLoss';
import { studentHalfWidth } from './student';
import { wilson } from './wilson';

/** What kind of figure a mean is: on `share` and `loss`, intervals are lopsided and end where the figure can. */
export type Scale = 'share' | 'loss' | 'difference';

/** What is averaged over sequences. */
export interface Sample {
  /** One a sequence. */
  readonly values: ArrayLike<number>;
  /** Number of each sequence's site; see {@link siteNumbers}. */
  readonly sites: Uint32Array;
  readonly scale: Scale;
  /** Which sequences are averaged over. @default all */
  readonly counted?: (sequence: number) => boolean;
}

/** A site's sequences, added up. */
interface Cluster {
  readonly sum: number;
  readonly size: number;
}

/** How an estimate is turned so that its error is about even on both sides, and back. */
interface Turn {
  readonly to: (mean: number) => number;
  readonly from: (turned: number) => number;
  readonly least: number;
  readonly most: number;
}

const TURNS: Readonly<Record<Scale, Turn>> = {
  share: {
    to: (share) => Math.log(share / (1 - share)),
    from: (turned) => 1 / (1 + Math.exp(-turned)),
    least: 0,
    most: 1,
  },
  loss: { to: Math.log, from: Math.exp, least: 0, most: LARGEST_LOSS },
  difference: { to: (mean) => mean, from: (mean) => mean, least: -LARGEST_LOSS, most: LARGEST_LOSS },
};

/**
 * A mean over sequences with its 95 % interval over sites: sequences of a site share its background, so whole sites are
 * left out in turn (jackknife), and how much the mean moves gives its standard error. The interval is Student's, with one
 * degree of freedom less than the effective number of sites N² / Σn², for a few large sites tell less than as many even
 * ones. Losses are estimated as logarithms and shares as log odds. From two sites to forty it holds the true mean in 93 % to 99 %
 * of simulations (`npm run bench -- intervals`).
 *
 * Where all sequences are of one site, each counts as one, and the interval says nothing of other sites. `undefined`
 * where no sequence is counted.
 *
 * Sources: MacKinnon, Nielsen and Webb 2023, Fast and reliable jackknife and bootstrap methods for cluster-robust
 * inference (CV3); Carter, Schnepel and Steigerwald 2017, Asymptotic behavior of a t-test robust to cluster
 * heterogeneity (effective number of clusters).
 */
export function estimateMean({ values, sites, scale, counted = () => true }: Sample): Estimate | undefined {
  const clusters = clustersOf(values, sites, counted);
  if (clusters.length === 0) return undefined;
  const sum = clusters.reduce((total, cluster) => total + cluster.sum, 0);
  const size = clusters.reduce((total, cluster) => total + cluster.size, 0);
  const value = sum / size;
  const effective = size ** 2 / clusters.reduce((total, cluster) => total + cluster.size ** 2, 0);
  // All right or all wrong: leaving sites out moves nothing, but the next site may differ.
  if (scale === 'share' && (sum === 0 || sum === size)) return { value, ...wilson(value * effective, effective) };
  const { to, from, least, most } = TURNS[scale];
  if (clusters.length === 1) return { value, low: least, high: most };
  // Half a sequence on either side keeps the odds finite.
  const mean = (part: number, whole: number): number => (scale === 'share' ? (part + 0.5) / (whole + 1) : part / whole);
  const centre = to(mean(sum, size));
  const spread = clusters.reduce(
    (total, cluster) => total + (to(mean(sum - cluster.sum, size - cluster.size)) - centre) ** 2,
    0,
  );
  const error = Math.sqrt(((clusters.length - 1) / clusters.length) * spread);
  const reach = studentHalfWidth(Math.max(1, effective - 1)) * error;
  const end = (turned: number): number => Math.min(most, Math.max(least, from(turned)));
  return { value, low: Math.min(value, end(centre - reach)), high: Math.max(value, end(centre + reach)) };
}

/** Sites by number, from 0, in the order in which they first occur. */
export function siteNumbers(sites: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  for (const site of sites) if (!numbers.has(site)) numbers.set(site, numbers.size);
  return Uint32Array.from(sites, (site) => numbers.get(site)!);
}

/** Sums by site; by sequence where there is only one site. */
function clustersOf(
  values: ArrayLike<number>,
  sites: Uint32Array,
  counted: (sequence: number) => boolean,
): readonly Cluster[] {
  const bySite = new Map<number, { sum: number; size: number }>();
  const alone: Cluster[] = [];
  sites.forEach((site, sequence) => {
    if (!counted(sequence)) return;
    const cluster = bySite.get(site) ?? { sum: 0, size: 0 };
    cluster.sum += values[sequence]!;
    cluster.size++;
    bySite.set(site, cluster);
    if (bySite.size === 1) alone.push({ sum: values[sequence]!, size: 1 });
  });
  return bySite.size === 1 ? alone : [...bySite.values()];
}
