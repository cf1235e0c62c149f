import type { EntryTable } from './table';

const LOCAL_HEADER_BYTES = 30;

/**
 * Entries that share bytes with others, and with which. As many entries as possible are kept: of those that overlap,
 * the ones that end first (interval scheduling), so that one entry lying about its size costs no honest one.
 *
 * @returns index of each entry to leave out → index of a kept entry that it overlaps
 */
export function overlapping(entries: EntryTable): Map<number, number> {
  const start = (i: number): number => entries.offsets[i]!;
  const end = (i: number): number =>
    entries.offsets[i]! + LOCAL_HEADER_BYTES + entries.rawName(i).length + entries.compressedBytes[i]!;
  const order = Uint32Array.from({ length: entries.length }, (_, i) => i);
  if (isDisjoint(order, start, end)) return new Map();
  order.sort((a, b) => start(a) - start(b));
  if (isDisjoint(order, start, end)) return new Map();

  order.sort((a, b) => end(a) - end(b) || start(b) - start(a));
  const overlaps = new Map<number, number>();
  let last: number | undefined;
  for (const i of order) {
    if (last !== undefined && start(i) < end(last)) overlaps.set(i, last);
    else last = i;
  }
  return overlaps;
}

/** Whether entries in this order lie one after the other. */
function isDisjoint(order: Uint32Array, start: (i: number) => number, end: (i: number) => number): boolean {
  for (let k = 1; k < order.length; k++) {
    if (start(order[k]!) < end(order[k - 1]!)) return false;
  }
  return true;
}
