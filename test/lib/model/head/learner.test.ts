import { initialHead, type Head } from '../../../../lib/model/head/head';
import { HeadLearner, headOf } from '../../../../lib/model/head/learner';
import type { LearnerState } from '../../../../lib/model/learning/adam';
import type { LabelledBatch } from '../../../../lib/model/learning/learner';
import { Random } from '../../../../lib/model/random';

const INPUTS = 5;
const CLASSES = 3;
const OUTPUTS = ['softmax', 'sigmoid'] as const;

function batchOf(rows: number, seed = 1): LabelledBatch<Float32Array> {
  const random = new Random(seed);
  const targets = new Float32Array(rows * CLASSES);
  for (let row = 0; row < rows; row++) targets[row * CLASSES + random.below(CLASSES)] = 1;
  return {
    input: Float32Array.from({ length: rows * INPUTS }, () => 2 * random.uniform() - 1),
    targets,
    weights: Float32Array.from({ length: rows }, () => 0.5 + random.uniform()),
  };
}

/** The loss as the definitions have it, in double precision. */
function lossByHand({ layers, output }: Head, { input, targets, weights }: LabelledBatch<Float32Array>): number {
  let sum = 0;
  weights.forEach((weight, row) => {
    let x = Array.from(input.subarray(row * INPUTS, (row + 1) * INPUTS));
    layers.forEach(({ kernel, bias, outputs }, layer) => {
      if (layer > 0) x = x.map((value) => Math.max(0, value));
      x = Array.from(bias, (b, j) => x.reduce((total, value, i) => total + value * kernel[i * outputs + j]!, b));
    });
    const t = targets.subarray(row * CLASSES, (row + 1) * CLASSES);
    const total = x.reduce((a, z) => a + Math.exp(z), 0);
    x.forEach((z, c) => {
      const p = output === 'softmax' ? Math.exp(z) / total : 1 / (1 + Math.exp(-z));
      if (output === 'softmax') sum -= weight * t[c]! * Math.log(p);
      else sum -= (weight * (t[c]! * Math.log(p) + (1 - t[c]!) * Math.log(1 - p))) / CLASSES;
    });
  });
  return sum / weights.length;
}

async function withLearner<T>(
  head: Head,
  { dropout = 0, state }: { dropout?: number; state?: LearnerState },
  use: (learner: HeadLearner) => Promise<T>,
): Promise<T> {
  const learner = new HeadLearner(head, dropout, state);
  try {
    return await use(learner);
  } finally {
    learner.dispose();
  }
}

describe.each(OUTPUTS)('%s', (output) => {
  const head = initialHead([INPUTS, 4, CLASSES], output, 3);
  const batch = batchOf(16);

  test('the loss is that of the definition', async () => {
    const { loss } = await withLearner(head, {}, (learner) => learner.evaluate(batch));
    expect(loss).toBeCloseTo(lossByHand(head, batch), 5);
  });

  test("Adam's first update goes against the gradient's sign by the learning rate", async () => {
    const rate = 0.01;
    const before = head.layers.flatMap(({ kernel, bias }) => [kernel, bias]);
    const { parameters } = await withLearner(head, {}, async (learner) => {
      await learner.update(batch, rate, new Random(1));
      return learner.state();
    });
    parameters.forEach((after, parameter) => {
      after.forEach((value, i) => {
        const gradient = numericalGradient(head, batch, parameter, i);
        // Near zero the smoothing term of Adam weighs in, and a difference quotient knows no sign.
        if (Math.abs(gradient) > 1e-4)
          expect(value - before[parameter]![i]!).toBeCloseTo(-rate * Math.sign(gradient), 4);
      });
    });
  });

  test('updates lower the loss', async () => {
    await withLearner(head, {}, async (learner) => {
      const before = (await learner.evaluate(batch)).loss;
      for (let step = 0; step < 60; step++) await learner.update(batch, 0.01, new Random(step));
      expect((await learner.evaluate(batch)).loss).toBeLessThan(0.85 * before);
    });
  });

  test('goes on from a stored state as if nothing had happened', async () => {
    const dropout = 0.2;
    const updates = async (learner: HeadLearner, from: number, to: number) => {
      for (let step = from; step < to; step++) await learner.update(batchOf(16, step), 0.003, new Random(step));
      return learner.state();
    };
    const undisturbed = await withLearner(head, { dropout }, (learner) => updates(learner, 0, 9));
    const half = await withLearner(head, { dropout }, (learner) => updates(learner, 0, 4));
    const resumed = await withLearner(head, { dropout, state: structuredClone(half) }, (learner) =>
      updates(learner, 4, 9),
    );
    expect(resumed).toEqual(undisturbed);
  });
});

function numericalGradient(head: Head, batch: LabelledBatch<Float32Array>, parameter: number, i: number): number {
  const at = (step: number) => {
    const parameters = head.layers.flatMap(({ kernel, bias }) => [kernel.slice(), bias.slice()]);
    parameters[parameter]![i]! += step;
    return lossByHand(headOf(head, parameters), batch);
  };
  return (at(1e-3) - at(-1e-3)) / 2e-3;
}

test('dropout leaves out the share it is told and keeps the mean', async () => {
  // One layer of one weight a feature: the change of its bias-free sum shows what was left out.
  const inputs = 10_000;
  const head: Head = {
    layers: [{ inputs, outputs: 1, kernel: new Float32Array(inputs).fill(1 / inputs), bias: new Float32Array(1) }],
    output: 'sigmoid',
  };
  const batch = {
    input: new Float32Array(inputs).fill(1),
    targets: Float32Array.of(1),
    weights: Float32Array.of(1),
  };
  const losses: number[] = [];
  for (let seed = 0; seed < 20; seed++) {
    const update = (learner: HeadLearner) => learner.update(batch, 1e-9, new Random(seed));
    losses.push((await withLearner(head, { dropout: 0.2 }, update)).loss);
  }
  const sums = losses.map((loss) => -Math.log(Math.expm1(loss)));
  expect(Math.max(...sums)).not.toBe(Math.min(...sums));
  for (const sum of sums) expect(sum).toBeCloseTo(1, 1);
});

test('logits far from zero do not overflow', async () => {
  const layers = [{ inputs: 1, outputs: 2, kernel: Float32Array.of(300, -300), bias: new Float32Array(2) }];
  const batch = { input: Float32Array.of(1), targets: Float32Array.of(0, 1), weights: Float32Array.of(1) };
  const lossOf = async (output: Head['output']) =>
    (await withLearner({ layers, output }, {}, (learner) => learner.evaluate(batch))).loss;
  expect(await lossOf('softmax')).toBeCloseTo(600, 2);
  expect(await lossOf('sigmoid')).toBeCloseTo(300, 2);
});
