import type { FeatureRows } from '../../../../lib/model/features/table';
import { foldsOf } from '../../../../lib/model/head/folds';

/** Sequences of two rows each. */
function table(sites: readonly string[], classes: readonly number[] = sites.map(() => 0)): FeatureRows {
  return {
    rows: 2 * sites.length,
    width: 1,
    sequences: sites.map((site, i) => ({
      season: 'S1',
      site,
      hour: null,
      name: `s${i}`,
      classes: [classes[i]!],
      fileNames: [],
    })),
    sequenceOf: (row) => Math.floor(row / 2),
    read: async () => undefined,
  };
}

const rowsOf = ({ rows }: FeatureRows) => Uint32Array.from({ length: rows }, (_, row) => row);
const counts = (of: Int8Array) => [0, 1, 2, 3, 4].map((fold) => of.filter((own) => own === fold).length);

test('a site is in one fold, and folds are about as large', () => {
  const sites = Array.from({ length: 100 }, (_, i) => `site-${i % 20}`);
  const { by, of, count } = foldsOf(table(sites), rowsOf(table(sites)), 1);
  expect([by, count]).toEqual(['site', 5]);
  sites.forEach((site, i) => expect(of[i]).toBe(of[sites.indexOf(site)]));
  expect(counts(of)).toEqual([20, 20, 20, 20, 20]);
});

test('with fewer than five sites sequences are drawn, each class spread over the folds', () => {
  const sites = Array.from({ length: 30 }, (_, i) => `site-${i % 3}`);
  const classes = sites.map((_, i) => (i < 10 ? 0 : 1));
  const { by, of } = foldsOf(table(sites, classes), rowsOf(table(sites)), 1);
  expect(by).toBe('sequence');
  expect(counts(of)).toEqual([6, 6, 6, 6, 6]);
  expect(counts(of.subarray(0, 10))).toEqual([2, 2, 2, 2, 2]);
});

test('sequences of an unknown site are not taken for one site', () => {
  const sites = [...Array<string>(20).fill(''), 'a', 'b'];
  const { by, of } = foldsOf(table(sites), rowsOf(table(sites)), 1);
  expect(by).toBe('site');
  expect(Math.max(...counts(of))).toBeLessThan(6);
});

test('only the sequences of the rows have a fold; the seed decides which', () => {
  const sites = Array.from({ length: 40 }, (_, i) => `site-${i % 10}`);
  const { of } = foldsOf(table(sites), rowsOf(table(sites)).subarray(0, 40), 1);
  expect([...of.subarray(20)].every((fold) => fold === -1)).toBe(true);
  const foldsBy = (seed: number) => [...foldsOf(table(sites), rowsOf(table(sites)), seed).of];
  expect(foldsBy(3)).toEqual(foldsBy(3));
  expect(foldsBy(3)).not.toEqual(foldsBy(4));
});
