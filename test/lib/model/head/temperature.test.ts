import { join } from 'node:path';
import type { PickedFrame } from '../../../../lib/contracts/pick';
import { trainingOptionsSchema } from '../../../../lib/contracts/runInput';
import { FeatureTable } from '../../../../lib/model/features';
import { trainHead, type Head } from '../../../../lib/model/head';
import { cooled, fitTemperature, logitsOfRows, lossAt } from '../../../../lib/model/head/temperature';
import { Random } from '../../../../lib/model/random';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();
const CLASSES = ['empty', 'impala', 'zebra'];
const FRAMES = 3000;
const TRUE_TEMPERATURE = 2.5;

/** Hands its features on as logits. */
const identity = (output: Head['output']): Head => ({
  layers: [{ inputs: 3, outputs: 3, kernel: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), bias: new Float32Array(3) }],
  output,
});

/** Logits that are 2.5 times as sure as the labels warrant. */
async function overconfident(output: Head['output']): Promise<FeatureTable> {
  const random = new Random(11);
  const logits = Array.from({ length: FRAMES }, () => CLASSES.map(() => 8 * (random.uniform() - 0.5)));
  const frames: PickedFrame[] = logits.map((row, number) => {
    const draw = output === 'softmax' ? drawOne : drawEach;
    return pickedFrame(number, {
      labels: draw(
        row.map((value) => value / TRUE_TEMPERATURE),
        random,
      ),
    });
  });
  const directory = join(folder(), 'features');
  const rows = logits.map((features, number) => ({ fileName: frames[number]!.fileName, features }));
  await writeFeatures(directory, rows);
  return await FeatureTable.open({ features: [{ directory, season: 'S1' }], frames, split: 'train', classes: CLASSES });
}

function drawOne(logits: number[], random: Random): string[] {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  let left = random.uniform() * total;
  const label = logits.findIndex((logit) => (left -= Math.exp(logit)) < 0);
  return [CLASSES[label]!];
}

function drawEach(logits: number[], random: Random): string[] {
  return CLASSES.filter((_, label) => random.uniform() < 1 / (1 + Math.exp(-logits[label]!)));
}

test.each(['softmax', 'sigmoid'] as const)('finds how much too sure %s outputs are', async (output) => {
  const table = await overconfident(output);
  const rows = Uint32Array.from({ length: FRAMES }, (_, row) => row);
  const temperature = await fitTemperature(await logitsOfRows(identity(output), table, rows), output);
  await table.close();
  expect(temperature).toBeGreaterThan(0.9 * TRUE_TEMPERATURE);
  expect(temperature).toBeLessThan(1.1 * TRUE_TEMPERATURE);
});

test('cooling divides the logits: the last layer alone changes', () => {
  const head: Head = { layers: [...identity('softmax').layers, ...identity('softmax').layers], output: 'softmax' };
  const result = cooled(head, 4);
  expect(result.layers[0]).toBe(head.layers[0]);
  expect([...result.layers[1]!.kernel]).toEqual([0.25, 0, 0, 0, 0.25, 0, 0, 0, 0.25]);
});

test('the losses are those of the definitions', () => {
  const logits = { values: Float32Array.of(2, 0, -2), rows: 1, classesOf: () => [0] };
  const scaled = [1, 0, -1];
  const total = scaled.reduce((sum, z) => sum + Math.exp(z), 0);
  expect(lossAt(2, logits, 'softmax')).toBeCloseTo(-Math.log(Math.E / total), 6);
  const p = scaled.map((z) => 1 / (1 + Math.exp(-z)));
  const binary = -(Math.log(p[0]!) + Math.log(1 - p[1]!) + Math.log(1 - p[2]!)) / 3;
  expect(lossAt(2, logits, 'sigmoid')).toBeCloseTo(binary, 6);
});

test('a trained head is calibrated on sites that it did not learn from', async () => {
  const random = new Random(3);
  const frames = Array.from({ length: 300 }, (_, number) =>
    pickedFrame(number, { site: `site-${number % 10}`, labels: [CLASSES[random.below(3)]!] }),
  );
  const directory = join(folder(), 'noise');
  await writeFeatures(
    directory,
    frames.map(({ fileName }) => ({ fileName, features: Array.from({ length: 20 }, () => random.uniform()) })),
  );
  const train = (calibration: 'none' | 'temperature') =>
    trainHead({
      features: [{ directory, season: 'S1' }],
      frames,
      classes: CLASSES,
      options: trainingOptionsSchema.parse({ epochs: 60, hidden: [64], dropout: 0, learningRate: 0.01, calibration }),
      seed: 1,
      directory: join(folder(), calibration),
    });
  expect((await train('none')).temperature).toBe(1);
  // Noise learned by heart is worth nothing elsewhere: the head has to become unsure.
  const calibrated = await train('temperature');
  expect(calibrated.temperature).toBeGreaterThan(3);
  expect(await train('temperature')).toEqual(calibrated);
});
