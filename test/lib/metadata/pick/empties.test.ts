import { emptiesToKeep } from '../../../../lib/metadata';

test.each([
  ['all, where they are the fewer', [80, 300], 80],
  ['as many as there are others', [300, 80], 80],
  ['no more than a thousand, where they are many', [5000, 4000], 1000],
  ['a tenth, where that is more than a thousand', [90_000, 30_000], 9000],
  ['a tenth, where that is more than there are others', [600, 20], 60],
  ['a tenth, rounded, where there is nothing else', [15, 0], 2],
])('by default %s', (_, [empties, others], kept) => {
  expect(emptiesToKeep(undefined, empties!, others!)).toBe(kept);
});

test('a share is that share, rounded', () => {
  expect([emptiesToKeep(0.25, 10, 0), emptiesToKeep(0, 10, 10), emptiesToKeep(1, 10, 0)]).toEqual([3, 0, 10]);
});
