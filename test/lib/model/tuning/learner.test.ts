import { join } from 'node:path';
import { initialHead } from '../../../../lib/model/head/head';
import { Adam, initialState } from '../../../../lib/model/learning/adam';
import { learn } from '../../../../lib/model/learning/learn';
import { Random } from '../../../../lib/model/random';
import { tensorflow } from '../../../../lib/model/runtime';
import { plainImages } from '../../../../lib/model/tuning/augment';
import { TailLearner, type TailOptions } from '../../../../lib/model/tuning/learner';
import { Tail } from '../../../../lib/model/tuning/tail';
import { Trunk } from '../../../../lib/model/tuning/trunk';
import { temporaryFolder } from '../../../support/folders';
import { TINY_SIZE, tinyBackbone, tinyParameters } from './support';

const folder = temporaryFolder();
const CUT = 1;
const CLASSES = 3;
const AUGMENTATION = { flip: true, crop: 0.2, brightness: 0.2 };

/** A learner, by default without augmentation and dropout, and what it is made of. */
async function learnerOf(options: Partial<TailOptions> = {}) {
  const parameters = tinyParameters();
  const trunk = await Trunk.create(tinyBackbone, parameters, { cut: CUT, input: TINY_SIZE }, join(folder(), 'trunk'));
  const head = initialHead([tinyBackbone.featureWidth, CLASSES], 'softmax', 1);
  const tail = new Tail(tinyBackbone, parameters, CUT, 'average', head);
  const state = initialState(tail.values);
  const plain = { size: TINY_SIZE, augmentation: { flip: false, crop: 0, brightness: 0 }, dropout: 0 };
  return { trunk, tail, state, learner: new TailLearner(trunk, tail, { ...plain, ...options }, state) };
}

const photograph = (seed: number) =>
  Uint8Array.from({ length: TINY_SIZE.width * TINY_SIZE.height * 3 }, (_, i) => (seed * 31 + i * i) % 256);

test('a batch is learned from as a whole, though it goes through in chunks', async () => {
  const { trunk, tail, state, learner } = await learnerOf();
  const rows = 20;
  const batch = {
    input: Array.from({ length: rows }, (_, row) => photograph(row)),
    targets: Float32Array.from({ length: rows * CLASSES }, (_, i) => (i % CLASSES === (i * i) % 5 ? 1 : 0)),
    weights: Float32Array.from({ length: rows }, (_, row) => 0.5 + (row % 4)),
  };
  const outcome = await learner.update(batch, 0.01, new Random(1));

  const adam = new Adam(tail.shapes, state);
  const maps = trunk.run(plainImages(batch.input, TINY_SIZE));
  const atOnce = learn(adam, batch, 'softmax', () => tail.logitsOf(maps, adam.values));
  adam.step(0.01);
  expect(outcome.loss).toBeCloseTo(atOnce.loss, 5);
  expect(outcome.predicted).toEqual(atOnce.predicted);
  learner.state().means.forEach((means, position) => {
    const expected = adam.state().means[position]!;
    const size = Math.max(...expected.map(Math.abs));
    expect(size).toBeGreaterThan(0);
    means.forEach((mean, i) => expect(Math.abs(mean - expected[i]!)).toBeLessThan(1e-4 * size));
  });
});

test('an update or a look that throws leaves nothing in TensorFlow’s memory', async () => {
  const { trunk, learner } = await learnerOf({ augmentation: AUGMENTATION, dropout: 0.2 });
  const targetsOfTwo = new Float32Array(2 * CLASSES);
  const batch = { input: [photograph(1)], targets: targetsOfTwo, weights: Float32Array.of(1) };
  const before = tensorflow().memory().numTensors;
  await expect(learner.update(batch, 0.01, new Random(1))).rejects.toThrow(/shape/);
  await expect(learner.evaluate(batch)).rejects.toThrow(/shape/);
  expect(tensorflow().memory().numTensors).toBe(before);
  learner.dispose();
  trunk.dispose();
});
