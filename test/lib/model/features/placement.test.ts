import type { Preprocessing } from '../../../../lib/contracts/preprocessing';
import { placementOf, surrounded } from '../../../../lib/model/features/placement';

const input = (width: number, height: number, fit: Preprocessing['fit']): Preprocessing => ({
  ...{ width, height, fit },
  channels: 'RGB',
});

describe('where a photograph comes to lie', () => {
  test.each([
    [[2048, 1536], input(512, 384, 'letterbox'), [0, 0, 512, 384]],
    [[640, 640], input(512, 384, 'letterbox'), [64, 0, 384, 384]],
    [[1000, 500], input(512, 384, 'letterbox'), [0, 64, 512, 256]],
    [[1000, 500], input(100, 100, 'letterbox'), [0, 25, 100, 50]],
    [[1000, 505], input(100, 100, 'letterbox'), [0, 24, 100, 51]], // 50.5 rows: halves go up
    [[100, 1], input(64, 64, 'letterbox'), [0, 31, 64, 1]], // no photograph vanishes
    [[30, 20], input(60, 60, 'letterbox'), [0, 10, 60, 40]],
    [[1000, 500], input(100, 100, 'stretch'), [0, 0, 100, 100]],
  ] as const)('%j in %j: left, top, width and height are %j', ([width, height], preprocessing, expected) => {
    const placement = placementOf({ width, height }, preprocessing);
    expect([placement.left, placement.top, placement.width, placement.height]).toEqual(expected);
  });
});

test('what a photograph leaves of the input is grey', () => {
  const pixels = { data: Uint8Array.from([1, 2, 3, 4, 5, 6]), width: 2, height: 1 };
  const size = { width: 3, height: 2 };
  const grey = [127, 127, 127];
  expect(Array.from(surrounded(pixels, { left: 1, top: 1, width: 2, height: 1 }, size))).toEqual([
    ...grey,
    ...grey,
    ...grey,
    ...grey,
    ...[1, 2, 3, 4, 5, 6],
  ]);
});
