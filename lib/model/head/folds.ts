import type { FeatureRows } from '../features/table';
import { Random } from '../random';

/** As many folds as cross-validation has, where there are as many sequences. */
const FOLDS = 5;
/** With fewer sites than this, folds by site would leave out most of what there is. */
const FEWEST_SITES = 5;
/** Purpose of a random generator: see {@link Random}. */
const FOLDING = 7;

/** Parts of the training sequences that are left out in turn. */
export interface Folds {
  readonly count: number;
  /** What is kept together: frames of a site share its background, those of a sequence its animal. */
  readonly by: 'site' | 'sequence';
  /** Fold of each sequence of the table; −1 for those that are not among the rows. */
  readonly of: Int8Array;
  /** Names what sequences are drawn with when their scores are judged: their site, or themselves. */
  readonly groupOf: (sequence: number) => string;
}

/**
 * Whole sites in each fold, so that it asks for animals before backgrounds that training did not see; sequences, each
 * class spread over the folds, where there are fewer than five sites. The largest groups go first, each to the fold that
 * has least.
 */
export function foldsOf(table: FeatureRows, rows: Uint32Array, seed: number): Folds {
  const sequences = [...new Set(Array.from(rows, (row) => table.sequenceOf(row)))];
  const siteOf = (sequence: number) => {
    const { season, site, name } = table.sequences[sequence]!;
    return site === '' ? `${season}\n${name}` : site;
  };
  const bySite = new Set(sequences.map(siteOf)).size >= FEWEST_SITES;
  const groupOf = bySite ? siteOf : (sequence: number) => String(sequence);
  const count = Math.min(FOLDS, sequences.length);
  const of = new Int8Array(table.sequences.length).fill(-1);
  const random = new Random(seed, FOLDING);
  const groups = Array.from(groupsBy(sequences, groupOf).values());
  const order = Array.from(random.permutation(groups.length), (position) => groups[position]!);
  if (bySite) {
    const sizes = new Uint32Array(count);
    for (const group of order.sort((a, b) => b.length - a.length)) {
      const smallest = sizes.indexOf(Math.min(...sizes));
      sizes[smallest]! += group.length;
      for (const sequence of group) of[sequence] = smallest;
    }
  } else {
    const firstClass = ([sequence]: readonly number[]) => table.sequences[sequence!]!.classes[0] ?? -1;
    order.sort((a, b) => firstClass(a) - firstClass(b)).forEach(([sequence], turn) => (of[sequence!] = turn % count));
  }
  return { count, by: bySite ? 'site' : 'sequence', of, groupOf };
}

function groupsBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name)!.push(item);
  }
  return groups;
}
