import { compare, meanOverSeeds, standingRows } from '../../bench/comparison';
import type { Scores } from '../../bench/contestants';

/** Sequences at ten sites, two each. */
function scores(logLoss: (sequence: number) => number, accuracy: (sequence: number) => number = () => 1): Scores {
  const sequences = Array.from({ length: 20 }, (_, sequence) => ({
    ...{ season: 'S2', site: `site-${sequence % 10}`, name: String(sequence), classes: [0], fileNames: [], hour: null },
  }));
  return {
    sequences,
    logLoss: Float64Array.from(sequences, (_, sequence) => logLoss(sequence)),
    accuracy: Float64Array.from(sequences, (_, sequence) => accuracy(sequence)),
  };
}

test('contestants that were not asked about the same sequences are not compared', () => {
  const other = scores(() => 1);
  const backwards = { ...other, sequences: other.sequences.toReversed() };
  expect(() => compare({ ours: backwards, logistic: other }, 'logistic')).toThrow(
    'Expected the sequences of "ours" to be those of "logistic"',
  );
});

test('seeds that led to other sequences are not averaged', () => {
  const fewer = { ...scores(() => 1), sequences: scores(() => 1).sequences.slice(1) };
  expect(() => meanOverSeeds([scores(() => 1), fewer])).toThrow('Expected the same held-out sequences');
});

test('several seeds count as the mean of each sequence', () => {
  const runs = [scores(() => 0.1), scores((sequence) => sequence)];
  expect(meanOverSeeds(runs).logLoss[3]).toBeCloseTo((0.1 + 3) / 2);
});

test('a difference that all sequences share has an interval of no width, however far the sequences are apart', () => {
  const [ours] = compare(
    { ours: scores((sequence) => sequence - 0.5), logistic: scores((sequence) => sequence) },
    'logistic',
  );
  expect(ours!.logLoss.high - ours!.logLoss.low).toBeGreaterThan(1);
  expect(ours!.difference!.logLoss.value).toBeCloseTo(-0.5);
  expect(ours!.difference!.logLoss.low).toBeCloseTo(-0.5);
  expect(ours!.difference!.logLoss.high).toBeCloseTo(-0.5);
});

test('a row says how far a contestant is from the reference, which has no difference from itself', () => {
  const right = (sequence: number) => (sequence < 10 ? 1 : 0);
  const standings = compare({ ours: scores(() => 0.25, right), logistic: scores(() => 0.125, right) }, 'logistic');
  expect(standingRows('set', 'logistic', standings)).toEqual([
    ['set', 'log loss', 'less logistic', 'accuracy', 'less logistic'],
    [
      ...['ours', '0.2500 [0.2500, 0.2500]', '+0.1250 [+0.1250, +0.1250]'],
      ...['50.0 % [50.0, 50.0]', '0.0 % [0.0, 0.0]'],
    ],
    ['logistic', '0.1250 [0.1250, 0.1250]', '', '50.0 % [50.0, 50.0]', ''],
  ]);
});
