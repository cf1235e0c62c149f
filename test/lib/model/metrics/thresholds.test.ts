import type { TableSequence } from '../../../../lib/model/features';
import { scoreBlank } from '../../../../lib/model/metrics/blank';
import { scoreSites } from '../../../../lib/model/metrics/groups';
import type { SequenceScores } from '../../../../lib/model/metrics/scores';
import { animalThresholds } from '../../../../lib/model/metrics/thresholds';

interface Described {
  readonly site?: string;
  readonly hour?: number | null;
  /** 1 − p(empty) */
  readonly animal: number;
  readonly isAnimal: boolean;
}

function described(rows: readonly Described[]) {
  const names = [...new Set(rows.map(({ site = 'A' }) => site))];
  const scores = {
    animal: Float64Array.from(rows, ({ animal }) => animal),
    isAnimal: Uint8Array.from(rows, ({ isAnimal }) => Number(isAnimal)),
    correct: Float64Array.from(rows, ({ isAnimal }) => Number(isAnimal)),
    logLoss: Float64Array.from(rows, ({ animal }) => animal),
  } as SequenceScores;
  const sequences = rows.map(({ site = 'A', hour = null }, number): TableSequence => ({
    season: 'S2',
    site,
    name: String(number),
    classes: [],
    hour,
    fileNames: [],
  }));
  return { scores, sequences, sites: Uint32Array.from(rows, ({ site = 'A' }) => names.indexOf(site)) };
}

/** A hundred animals with probabilities of 0.01 to 1, and as many empties that all have 0.105. */
const hundred = (site: string, hour?: number): Described[] =>
  [
    ...Array.from({ length: 100 }, (_, n) => ({ site, hour, animal: (n + 1) / 100, isAnimal: true })),
    ...Array.from({ length: 100 }, () => ({ site, hour, animal: 0.035, isAnimal: false })),
  ].map(({ hour: at, ...rest }) => ({ ...rest, hour: at ?? null }));

describe('thresholds for finding animals', () => {
  it('are the highest that find enough', () => {
    const { scores, sequences, sites } = described(hundred('A'));
    const [at95, at98, at99] = animalThresholds(scores, sequences, sites);
    expect([at95!.threshold, at98!.threshold, at99!.threshold]).toEqual([0.06, 0.03, 0.02]);
    expect(at95).toMatchObject({ target: 0.95, found: { value: 0.95 }, skipped: { value: 105 / 200 } });
    // All empties are above the threshold, so hardly anything is saved.
    expect(at98).toMatchObject({ found: { value: 0.98 }, skipped: { value: 2 / 200 } });
  });

  it('are tried at each site as the other sites give them', () => {
    const easy = Array.from({ length: 100 }, (): Described => ({ site: 'easy', animal: 0.9, isAnimal: true }));
    const hard = Array.from({ length: 10 }, (): Described => ({ site: 'hard', animal: 0.2, isAnimal: true }));
    const { scores, sequences, sites } = described([...easy, ...hard]);
    const [at95] = animalThresholds(scores, sequences, sites);
    expect(at95!.threshold).toBe(0.2); // 5 of the hard site's ten may be missed, and they are all alike
    expect(at95!.found.value).toBeCloseTo(100 / 110, 10); // the easy site's threshold finds none at the hard one
  });

  it('save by day and by night apart, and leave out what has no hour', () => {
    const day = hundred('A', 12);
    const night: Described[] = Array.from({ length: 50 }, () => ({ hour: 2, animal: 0, isAnimal: false }));
    const undated: Described[] = [{ animal: 1, isAnimal: true }];
    const { scores, sequences, sites } = described([...day, ...night, ...undated]);
    const [at95] = animalThresholds(scores, sequences, sites);
    expect(at95!.skippedByNight!.value).toBe(1);
    expect(at95!.skippedByDay!.value).toBe(105 / 200);
    expect(at95!.skippedByNight!.low).toBeGreaterThan(0.9);
  });

  it('are none without an animal', () => {
    const { scores, sequences, sites } = described([{ animal: 0.3, isAnimal: false }]);
    expect(animalThresholds(scores, sequences, sites)).toEqual([]);
    expect(scoreBlank(scores, sites)).not.toHaveProperty('recall');
  });
});

test('blank or animal goes by the probability of being empty, not by the largest class', () => {
  // Three animals at 0.2 each and empty at 0.4: more likely than not an animal.
  const { scores, sites } = described([
    { animal: 0.6, isAnimal: true },
    { animal: 0.4, isAnimal: true },
    { animal: 0.5, isAnimal: false },
    { animal: 0.1, isAnimal: false },
  ]);
  expect(scoreBlank(scores, sites)).toMatchObject({
    accuracy: { value: 0.5 },
    recall: { value: 0.5 },
    found: 1,
    missed: 1,
    falseAlarms: 1,
    sortedOut: 1,
  });
});

test('sites that training saw and sites that it never saw are scored apart', () => {
  const { scores, sequences, sites } = described([...hundred('A'), { site: 'B', animal: 0.5, isAnimal: true }]);
  const { knownSites, newSites } = scoreSites(sequences, scores, sites, ['A', 'C']);
  expect(knownSites).toMatchObject({ sites: 1, sequences: 200, accuracy: { value: 0.5 } });
  expect(newSites).toMatchObject({ sites: 1, sequences: 1, accuracy: { value: 1 }, logLoss: { value: 0.5 } });
  expect(scoreSites(sequences, scores, sites, ['A', 'B'])).not.toHaveProperty('newSites');
});
