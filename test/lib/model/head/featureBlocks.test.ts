import type { FeatureRows } from '../../../../lib/model/features/table';
import { FeatureBlocks } from '../../../../lib/model/head/featureBlocks';
import { Turns } from '../../../../lib/model/learning/turns';

const WIDTH = 3;

/** A row a sequence. */
function tableOf(values: readonly (readonly number[])[]): FeatureRows {
  return {
    rows: values.length,
    width: WIDTH,
    sequences: [],
    sequenceOf: (row) => row,
    read: async (rows, target) => rows.forEach((row, i) => target.set(values[row]!, i * WIDTH)),
  };
}

async function standardised(values: readonly (readonly number[])[]): Promise<number[][]> {
  const rows = Uint32Array.from(values.keys());
  const turns = new Turns(undefined);
  const blocks = await FeatureBlocks.open(tableOf(values), rows, { memoryBytes: 1e6, turns });
  try {
    const result: number[][] = [];
    for await (const { features } of blocks) result.push(...(await features.array()));
    return result;
  } finally {
    blocks.dispose();
  }
}

describe('standardised features', () => {
  test('count alike, whatever their units', async () => {
    const rows = await standardised([
      [1, 100, -5],
      [3, 300, -7],
    ]);
    // Variances 1, 10,000 and 1 with a tenth of their mean, 3334, in each.
    const small = 1 / Math.sqrt(0.9 + 333.4);
    const large = 100 / Math.sqrt(9000 + 333.4);
    for (const [i, sign] of [-1, 1].entries()) {
      [sign * small, sign * large, -sign * small].forEach((wanted, at) => expect(rows[i]![at]).toBeCloseTo(wanted, 5));
    }
  });

  test('that hardly vary stay small beside the others, and one that never does is 0', async () => {
    const rows = await standardised([
      [0.001, 1, 7],
      [-0.001, -1, 7],
    ]);
    expect(Math.abs(rows[0]![0]!)).toBeLessThan(0.01);
    expect(rows[0]![1]).toBeCloseTo(1 / Math.sqrt(0.9 + 0.1 / 3), 4);
    expect(rows.map((row) => row[2])).toEqual([0, 0]);
  });

  test('that are all the same are 0 and no division', async () => {
    expect(await standardised([[2, 2, 2], [2, 2, 2]])).toEqual([[0, 0, 0], [0, 0, 0]]); // prettier-ignore
  });
});
