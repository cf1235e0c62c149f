/** Of the empties of a large season, by default. */
const SHARE = 0.1;
/** Fewer than this are worth thinning only as far as the other sequences are fewer still. */
const FEW = 1000;

/**
 * How many of a training season's empty sequences are kept. Thinning them saves time and loses little where there are many;
 * where there are few, each that goes makes the others speak for more than they know.
 *
 * @param share - `frames.keepEmpties`. By default a tenth, but not fewer than there are other sequences, up to a thousand
 */
export function emptiesToKeep(share: number | undefined, empties: number, others: number): number {
  if (share !== undefined) return Math.round(share * empties);
  return Math.max(Math.round(SHARE * empties), Math.min(empties, others, FEW));
}
