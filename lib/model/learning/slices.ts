import type { WorkOptions } from '../../contracts/progress';
import { descentOptionsOf, isCalibrated, type TrainingOptions } from '../../contracts/runInput';
import type { FeatureRows } from '../features/table';
import { Random } from '../random';
import { allRows } from './examples';

/** Share of the training sequences that a slice has, at least. */
const SLICE = 0.1;
/** Purpose of a random generator: see {@link Random}. */
const SLICING = 2;

/** A table's rows, split by site. Each slice is there where it is needed. */
export interface Slices {
  readonly learned: Uint32Array;
  /** To watch the training on: it decides when to stop, and has no say in calibration. */
  readonly monitored?: Uint32Array;
  /** To calibrate on: nothing was decided by it. */
  readonly calibrated?: Uint32Array;
}

/**
 * Sets whole sites aside where gradient descent stops early or is calibrated, drawn by seed, until each slice holds a
 * tenth of the sequences: what training is judged on must not share backgrounds with what it learns from.
 */
export function slicesOf(table: FeatureRows, options: TrainingOptions, seed: number, work: WorkOptions = {}): Slices {
  const descends = options.head === 'tutorial' || options.fineTune !== undefined;
  const wanted = [
    ...(descends && descentOptionsOf(options).patience > 0 ? (['monitored'] as const) : []),
    ...(descends && isCalibrated(options) ? (['calibrated'] as const) : []),
  ];
  if (wanted.length === 0) return { learned: allRows(table) };
  const sites = sequencesBySite(table);
  if (sites.size <= wanted.length) {
    const message = `The training frames come from ${sites.size} sites, so none is set aside: no early stop, no calibration`;
    work.onWarning?.({ message });
    return { learned: allRows(table) };
  }
  const sliceOf = drawSites(sites, wanted, seed);
  const rowsOf = (slice: string | undefined) =>
    allRows(table).filter((row) => sliceOf.get(table.sequences[table.sequenceOf(row)]!.site) === slice);
  return { learned: rowsOf(undefined), ...Object.fromEntries(wanted.map((slice) => [slice, rowsOf(slice)])) };
}

/** Slice of each site that is set aside; at least one site is learned from. */
function drawSites(sites: ReadonlyMap<string, ReadonlySet<number>>, slices: readonly string[], seed: number) {
  const names = [...sites.keys()].sort();
  const enough = SLICE * [...sites.values()].reduce((sum, { size }) => sum + size, 0);
  const order = [...new Random(seed, SLICING).permutation(names.length)].map((position) => names[position]!);
  const sliceOf = new Map<string, string>();
  slices.forEach((slice, position) => {
    const others = slices.length - 1 - position;
    for (let count = 0; count < enough && order.length > 1 + others;) {
      const site = order.shift()!;
      sliceOf.set(site, slice);
      count += sites.get(site)!.size;
    }
  });
  return sliceOf;
}

function sequencesBySite(table: FeatureRows): Map<string, Set<number>> {
  const sites = new Map<string, Set<number>>();
  for (const row of allRows(table)) {
    const { site } = table.sequences[table.sequenceOf(row)]!;
    if (!sites.has(site)) sites.set(site, new Set());
    sites.get(site)!.add(table.sequenceOf(row));
  }
  return sites;
}
