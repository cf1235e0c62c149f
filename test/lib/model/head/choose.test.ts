import { chooseHead } from '../../../../lib/model/head/choose';
import type { Candidate } from '../../../../lib/model/head/crossValidation';
import type { LeftOut } from '../../../../lib/model/head/leftOut';

const SEQUENCES = 40;

/** Sequences of one class of two, each answered with a probability for it. */
function leftOut(probabilityOf: (sequence: number) => number): LeftOut {
  const sequences = Array.from({ length: SEQUENCES }, (_, sequence) => sequence);
  const pooled = sequences.map((sequence) => Float64Array.of(probabilityOf(sequence), 1 - probabilityOf(sequence)));
  const truth = sequences.map(() => [0]);
  return { sequences, pooled, probabilities: pooled, truth, weights: new Float64Array(SEQUENCES).fill(1) };
}

/** The penalty that is chosen among heads that answer so; every sequence is a site. */
async function penaltyFor(probabilityOf: (penalty: number, sequence: number) => number): Promise<number> {
  const validation = {
    leaveOut: async ({ penalty }: Candidate) => leftOut((sequence) => probabilityOf(penalty, sequence)),
  };
  const folds = { count: 5, by: 'site', groupOf: String } as const;
  return (await chooseHead(validation, folds, {})).chosen.penalty;
}

/** Half of the sequences are hard for every head, so that the loss itself is uncertain. */
const hardness = (sequence: number) => (sequence % 2 === 0 ? 0.55 : 0.9);

describe('the penalty that is chosen', () => {
  it('is the one whose head has the least loss, however unlike the sequences are', async () => {
    const better = (penalty: number) => (penalty === 1000 ? 0.01 : 0);
    expect(await penaltyFor((penalty, sequence) => hardness(sequence) + better(penalty))).toBe(1000);
  });

  it('is the strongest of several whose heads are equally good', async () => {
    expect(await penaltyFor((_, sequence) => hardness(sequence))).toBe(3000);
  });

  it('is not looked for beyond two weaker ones in a row that are no better', async () => {
    const better = (penalty: number) => (penalty === 100 ? 0.05 : 0);
    expect(await penaltyFor((penalty, sequence) => hardness(sequence) + better(penalty))).toBe(3000);
  });
});
