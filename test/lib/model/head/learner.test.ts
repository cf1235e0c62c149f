import { initialHead, type Head } from '../../../../lib/model/head/head';
import { headOf, Learner, type LearnerState, type LearningBatch } from '../../../../lib/model/head/learner';
import { Random } from '../../../../lib/model/random';

const INPUTS = 5;
const CLASSES = 3;
const OUTPUTS = ['softmax', 'sigmoid'] as const;

function batchOf(rows: number, seed = 1): LearningBatch {
  const random = new Random(seed);
  const targets = new Float32Array(rows * CLASSES);
  for (let row = 0; row < rows; row++) targets[row * CLASSES + random.below(CLASSES)] = 1;
  return {
    features: Float32Array.from({ length: rows * INPUTS }, () => 2 * random.uniform() - 1),
    targets,
    weights: Float32Array.from({ length: rows }, () => 0.5 + random.uniform()),
  };
}

/** The loss as the definitions have it, in double precision. */
function lossByHand({ layers, output }: Head, { features, targets, weights }: LearningBatch): number {
  let sum = 0;
  weights.forEach((weight, row) => {
    let x = Array.from(features.subarray(row * INPUTS, (row + 1) * INPUTS));
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

function withLearner<T>(head: Head, state: LearnerState | undefined, use: (learner: Learner) => T): T {
  const learner = new Learner(head, state);
  try {
    return use(learner);
  } finally {
    learner.dispose();
  }
}

describe.each(OUTPUTS)('%s', (output) => {
  const head = initialHead([INPUTS, 4, CLASSES], output, 3);
  const batch = batchOf(16);

  test('the loss is that of the definition', () => {
    const { loss } = withLearner(head, undefined, (learner) => learner.evaluate(batch));
    expect(loss).toBeCloseTo(lossByHand(head, batch), 5);
  });

  test("Adam's first update goes against the gradient's sign by the learning rate", () => {
    const rate = 0.01;
    const before = head.layers.flatMap(({ kernel, bias }) => [kernel, bias]);
    const { parameters } = withLearner(head, undefined, (learner) => {
      learner.update(batch, 0, rate, new Random(1));
      return learner.state();
    });
    parameters.forEach((after, parameter) => {
      after.forEach((value, i) => {
        const slope = numericalSlope(head, batch, parameter, i);
        // Near zero the smoothing term of Adam weighs in, and a difference quotient knows no sign.
        if (Math.abs(slope) > 1e-4) expect(value - before[parameter]![i]!).toBeCloseTo(-rate * Math.sign(slope), 4);
      });
    });
  });

  test('updates lower the loss', () => {
    withLearner(head, undefined, (learner) => {
      const before = learner.evaluate(batch).loss;
      for (let step = 0; step < 60; step++) learner.update(batch, 0, 0.01, new Random(step));
      expect(learner.evaluate(batch).loss).toBeLessThan(0.85 * before);
    });
  });

  test('goes on from a stored state as if nothing had happened', () => {
    const updates = (learner: Learner, from: number, to: number) => {
      for (let step = from; step < to; step++) learner.update(batchOf(16, step), 0.2, 0.003, new Random(step));
      return learner.state();
    };
    const undisturbed = withLearner(head, undefined, (learner) => updates(learner, 0, 9));
    const half = withLearner(head, undefined, (learner) => updates(learner, 0, 4));
    const resumed = withLearner(head, structuredClone(half), (learner) => updates(learner, 4, 9));
    expect(resumed).toEqual(undisturbed);
  });
});

function numericalSlope(head: Head, batch: LearningBatch, parameter: number, i: number): number {
  const at = (step: number) => {
    const parameters = head.layers.flatMap(({ kernel, bias }) => [kernel.slice(), bias.slice()]);
    parameters[parameter]![i]! += step;
    return lossByHand(headOf(head, parameters), batch);
  };
  return (at(1e-3) - at(-1e-3)) / 2e-3;
}

test('dropout leaves out the share it is told and keeps the mean', () => {
  // One layer of one weight a feature: the change of its bias-free sum shows what was left out.
  const inputs = 10_000;
  const head: Head = {
    layers: [{ inputs, outputs: 1, kernel: new Float32Array(inputs).fill(1 / inputs), bias: new Float32Array(1) }],
    output: 'sigmoid',
  };
  const batch = {
    features: new Float32Array(inputs).fill(1),
    targets: Float32Array.of(1),
    weights: Float32Array.of(1),
  };
  const losses = Array.from({ length: 20 }, (_, seed) =>
    withLearner(head, undefined, (learner) => learner.update(batch, 0.2, 1e-9, new Random(seed)).loss),
  );
  const sums = losses.map((loss) => -Math.log(Math.expm1(loss)));
  expect(Math.max(...sums)).not.toBe(Math.min(...sums));
  for (const sum of sums) expect(sum).toBeCloseTo(1, 1);
});

test('logits far from zero do not overflow', () => {
  const layers = [{ inputs: 1, outputs: 2, kernel: Float32Array.of(300, -300), bias: new Float32Array(2) }];
  const batch = { features: Float32Array.of(1), targets: Float32Array.of(0, 1), weights: Float32Array.of(1) };
  const lossOf = (output: Head['output']) =>
    withLearner({ layers, output }, undefined, (learner) => learner.evaluate(batch).loss);
  expect(lossOf('softmax')).toBeCloseTo(600, 2);
  expect(lossOf('sigmoid')).toBeCloseTo(300, 2);
});
