import { join } from 'node:path';
import { initialHead } from '../../../../lib/model/head/head';
import { initialState } from '../../../../lib/model/learning/adam';
import { Random } from '../../../../lib/model/random';
import { tensorflow } from '../../../../lib/model/runtime';
import { TailLearner } from '../../../../lib/model/tuning/learner';
import { Tail } from '../../../../lib/model/tuning/tail';
import { Trunk } from '../../../../lib/model/tuning/trunk';
import { temporaryFolder } from '../../../support/folders';
import { TINY_SIZE, tinyBackbone, tinyParameters } from './support';

const folder = temporaryFolder();
const CUT = 1;
const CLASSES = 3;
const AUGMENTATION = { flip: true, crop: 0.2, brightness: 0.2 };

test('an update or a look that throws leaves nothing in TensorFlow’s memory', async () => {
  const parameters = tinyParameters();
  const trunk = await Trunk.create(tinyBackbone, parameters, CUT, join(folder(), 'trunk'));
  const head = initialHead([tinyBackbone.featureWidth, CLASSES], 'softmax', 1);
  const tail = new Tail(tinyBackbone, parameters, CUT, 'average', head);
  const options = { size: TINY_SIZE, augmentation: AUGMENTATION, dropout: 0.2 };
  const learner = new TailLearner(trunk, tail, options, initialState(tail.values));
  const photograph = new Uint8Array(TINY_SIZE.width * TINY_SIZE.height * 3).fill(100);
  const targetsOfTwo = new Float32Array(2 * CLASSES);
  const lesson = { input: [photograph], targets: targetsOfTwo, weights: Float32Array.of(1) };
  const before = tensorflow().memory().numTensors;
  await expect(learner.update(lesson, 0.01, new Random(1))).rejects.toThrow(/shape/);
  await expect(learner.evaluate(lesson)).rejects.toThrow(/shape/);
  expect(tensorflow().memory().numTensors).toBe(before);
  learner.dispose();
  trunk.dispose();
});
