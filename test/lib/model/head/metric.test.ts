import { trainingOptionsSchema } from '../../../../lib/contracts/runInput';
import type { FeatureRows } from '../../../../lib/model/features/table';
import { FeatureBlocks } from '../../../../lib/model/head/featureBlocks';
import { Metric } from '../../../../lib/model/head/metric';
import { Examples } from '../../../../lib/model/learning/examples';
import { Turns } from '../../../../lib/model/learning/turns';
import { Random } from '../../../../lib/model/random';
import { tensorflow } from '../../../../lib/model/runtime';

const WIDTH = 3;
const ROWS = 40;
const turns = new Turns(undefined);
/** Two classes and both at once; the second feature follows the first, the third has little to tell. */
const LABELS = [[0], [1], [0, 1]];
const FEATURES = Array.from({ length: ROWS }, (_, row) => {
  const [a, b, c] = [0, 1, 2].map((i) => new Random(4, row, i).uniform());
  return [a! + (row % 3), 0.8 * a! + 0.2 * b! - (row % 3), 0.01 * c!];
});

const table: FeatureRows = {
  rows: ROWS,
  width: WIDTH,
  sequences: FEATURES.map((_, row) => ({
    season: 'S1',
    site: 'A',
    hour: null,
    name: `s${row}`,
    classes: LABELS[row % 3]!,
    fileNames: [],
  })),
  sequenceOf: (row) => row,
  read: async (rows, target) => rows.forEach((row, i) => target.set(FEATURES[row]!, i * WIDTH)),
};

const isLearned = (row: number) => row % 5 !== 0;

/** Half the covariance around the means of the label sets, and half its mean variance times the identity. */
function covarianceByHand(features: readonly (readonly number[])[]): number[][] {
  const learned = [...features.keys()].filter(isLearned);
  const mean = (rows: readonly number[], of: (row: number) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const centre = (row: number, i: number) =>
    mean(
      learned.filter((other) => other % 3 === row % 3),
      (other) => features[other]![i]!,
    );
  const deviation = (row: number, i: number) => features[row]![i]! - centre(row, i);
  const covariance = [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => mean(learned, (row) => deviation(row, i) * deviation(row, j))),
  );
  const meanVariance = (covariance[0]![0]! + covariance[1]![1]! + covariance[2]![2]!) / 3;
  return covariance.map((row, i) => row.map((value, j) => value / 2 + (i === j ? meanVariance / 2 : 0)));
}

test('whitens by the covariance within the classes of what is learned from, drawn towards one variance for all', async () => {
  const tf = tensorflow();
  const rows = Uint32Array.from({ length: ROWS }, (_, row) => row);
  const blocks = await FeatureBlocks.open(table, rows, { memoryBytes: 1e6, turns });
  const examples = new Examples(table, 2, rows, trainingOptionsSchema.parse({}));
  const held = tf.memory().numTensors;
  const metric = await Metric.within({ blocks, examples, sequences: ROWS, isLearned }, turns);
  expect(tf.memory().numTensors).toBe(held + 1);

  const standardised: number[][] = [];
  for await (const { features } of blocks) standardised.push(...(await features.array()));
  const factor = metric.weightsOf(tf.eye(WIDTH));
  const covariance = tf.tensor2d(covarianceByHand(standardised));
  const whitened = factor.transpose().matMul(covariance).matMul(factor);
  for (const [i, row] of ((await whitened.array()) as number[][]).entries()) {
    row.forEach((value, j) => expect(value).toBeCloseTo(i === j ? 1 : 0, 4));
  }
  const derivatives = metric.derivativesOf(tf.eye(WIDTH));
  expect(await derivatives.array()).toEqual(await factor.transpose().array());
  metric.dispose();
  blocks.dispose();
});
