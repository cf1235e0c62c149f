import type { WorkOptions } from '../../contracts/progress';
import type { TrainingOptions } from '../../contracts/runInput';
import type { LessonTable } from '../features/table';
import { Random } from '../random';
import { allRows } from './examples';

/** Share of the training sequences that is set aside, at least. */
const MONITORED_SHARE = 0.1;
/** Purpose of a random generator: see {@link Random}. */
const MONITOR = 2;

/** A table's rows, split by site. */
export interface MonitorSplit {
  readonly learned: Uint32Array;
  readonly monitored: Uint32Array;
}

/**
 * The split that early stopping and calibration ask for.
 *
 * @returns `undefined` where nothing is set aside
 */
export function monitorSplit(
  table: LessonTable,
  { patience, calibration }: Pick<TrainingOptions, 'patience' | 'calibration'>,
  seed: number,
  { onWarning }: WorkOptions,
): MonitorSplit | undefined {
  if (patience === 0 && calibration === 'none') return undefined;
  const split = splitBySite(table, seed);
  if (split === undefined) {
    const message = 'All training frames come from one site, so none is set aside: no early stop and no calibration';
    onWarning?.({ message });
  }
  return split;
}

/**
 * Sets whole sites aside, drawn by seed, until they hold a tenth of the sequences: what training is watched on must not
 * share backgrounds with what it learns from.
 *
 * @returns `undefined` where all frames come from one site
 */
export function splitBySite(table: LessonTable, seed: number): MonitorSplit | undefined {
  const siteOf = (row: number) => table.sequences[table.sequenceOf(row)]!.site;
  const rows = allRows(table);
  const sequences = new Map<string, Set<number>>();
  for (const row of rows) {
    const site = siteOf(row);
    if (!sequences.has(site)) sequences.set(site, new Set());
    sequences.get(site)!.add(table.sequenceOf(row));
  }
  const sites = [...sequences.keys()].sort();
  if (sites.length < 2) return undefined;
  const wanted = MONITORED_SHARE * [...sequences.values()].reduce((sum, { size }) => sum + size, 0);
  const chosen = new Set<string>();
  let count = 0;
  for (const position of new Random(seed, MONITOR).permutation(sites.length)) {
    if (count >= wanted || chosen.size === sites.length - 1) break;
    chosen.add(sites[position]!);
    count += sequences.get(sites[position]!)!.size;
  }
  return {
    learned: rows.filter((row) => !chosen.has(siteOf(row))),
    monitored: rows.filter((row) => chosen.has(siteOf(row))),
  };
}
