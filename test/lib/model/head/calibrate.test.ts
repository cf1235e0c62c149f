import { calibrate } from '../../../../lib/model/corrections';
import { calibratedLoss, calibrationFor, priorLoss } from '../../../../lib/model/head/calibrate';
import { lossesOf, meanLoss, type LeftOut } from '../../../../lib/model/head/leftOut';
import { Random } from '../../../../lib/model/random';

const CLASSES = 4;

/**
 * Sequences drawn from probabilities that are known, answered by a head that is `factor` times as sure of them, in logits.
 */
function answered(
  output: 'softmax' | 'sigmoid',
  factor: number,
  sequences = 4000,
): LeftOut & { known: Float64Array[] } {
  const random = new Random(7);
  const known: Float64Array[] = [];
  const truth: number[][] = [];
  for (let i = 0; i < sequences; i++) {
    const logits = Float64Array.from({ length: CLASSES }, (_, label) => 4 * (random.uniform() - 0.5) - label / 2);
    const calibration = { temperature: 1, bias: [0, 0, 0, 0] };
    const base = logits.map((logit) => (output === 'softmax' ? Math.exp(logit) : 1 / (1 + Math.exp(-logit))));
    const sum = output === 'softmax' ? base.reduce((a, b) => a + b) : 1;
    const row = calibrate(
      base.map((value) => value / sum),
      { output, calibration },
    );
    known.push(row);
    const dice = random.uniform();
    let below = 0;
    if (output === 'softmax')
      truth.push([row.findIndex((p) => (below += p) > dice)].map((label) => (label < 0 ? 3 : label)));
    else truth.push([...row.keys()].filter((label) => random.uniform() < row[label]!));
  }
  const sharper = { temperature: 1 / factor, bias: [0, 0, 0, 0] };
  const probabilities = known.map((row) => calibrate(row, { output, calibration: sharper }));
  return {
    known,
    sequences: [...known.keys()],
    pooled: probabilities,
    probabilities,
    truth,
    weights: new Float64Array(sequences).fill(1),
  };
}

describe.each(['softmax', 'sigmoid'] as const)('%s', (output) => {
  const priors = [0.4, 0.3, 0.2, 0.1];

  test.each([2, 0.5])('a head %d times as sure as it should be is put right', async (factor) => {
    const leftOut = answered(output, factor);
    const calibration = await calibrationFor(leftOut, { output, priors });
    expect(calibration.temperature).toBeGreaterThan(factor * 0.85);
    expect(calibration.temperature).toBeLessThan(factor * 1.15);
    const best = meanLoss(lossesOf({ ...leftOut, probabilities: leftOut.known }), leftOut);
    expect(calibratedLoss(leftOut, output, calibration)).toBeLessThan(best + 0.002);
    expect(calibratedLoss(leftOut, output, undefined)).toBeGreaterThan(best + 0.005);
  });

  test('a class that is answered too rarely gets a bias', async () => {
    const leftOut = answered(output, 1);
    const rarely = { temperature: 1, bias: [-2, 0, 0, 0] };
    const probabilities = leftOut.probabilities.map((row) => calibrate(row, { output, calibration: rarely }));
    const { bias } = await calibrationFor({ ...leftOut, probabilities }, { output, priors });
    expect(bias[0]! - bias[1]!).toBeGreaterThan(1.5);
  });

  test('a few sequences move it little', async () => {
    const { temperature, bias } = await calibrationFor(answered(output, 1, 8), { output, priors });
    expect(temperature).toBeGreaterThan(0.5);
    expect(temperature).toBeLessThan(3);
    for (const own of bias) expect(Math.abs(own)).toBeLessThan(2);
  });

  test('a head that knows less than nothing answers the class frequencies, and that is said', async () => {
    const leftOut = answered(output, 1);
    const wrong = leftOut.probabilities.map((_, i) => leftOut.probabilities[(i * 7 + 13) % 4000]!);
    const scrambled = { ...leftOut, probabilities: wrong };
    const frequencies = [0, 1, 2, 3].map(
      (label) => scrambled.truth.filter((own) => own.includes(label)).length / scrambled.truth.length,
    );
    const warnings: string[] = [];
    const calibration = await calibrationFor(
      {
        ...scrambled,
        probabilities: wrong.map((row) =>
          calibrate(row, { output, calibration: { temperature: 0.02, bias: [0, 0, 0, 0] } }),
        ),
      },
      { output, priors: frequencies },
      { onWarning: ({ message }) => warnings.push(message) },
    );
    const loss = calibratedLoss(scrambled, output, calibration);
    expect(loss).toBeLessThanOrEqual(priorLoss(scrambled, frequencies) + 1e-6);
    if (calibration.temperature > 1e6) expect(warnings).toEqual([expect.stringContaining('answers their frequencies')]);
  });
});

test('calibration of many sequences lets the event loop have its turn, and stops where it is told to', async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort(new Error('told to')));
  const many = answered('softmax', 3, 30_000);
  const fitting = calibrationFor(
    many,
    { output: 'softmax', priors: [0.25, 0.25, 0.25, 0.25] },
    { signal: stop.signal },
  );
  await expect(fitting).rejects.toThrow('told to');
});
