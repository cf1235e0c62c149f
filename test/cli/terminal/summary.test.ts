import type { RunResult } from '../../../lib/contracts/run';
import { summarise } from '../../../cli/terminal/summary';
import { candidate } from '../../lib/registry/support';

describe('the end of a dry run', () => {
  it('is its plan', () => {
    const plan = {
      ...{ trainSeasons: ['S1'], validationSeasons: ['S2'], fetchBytes: 5_000_000, diskBytes: 7_000_000, seconds: 60 },
      steps: [{ step: 'train', reused: 0, parts: 1, frames: 6 } as const],
      unknownSeconds: [],
    };
    const text = summarise({ dryRun: true, plan });
    expect(text).toContain('Trains on S1; validates on S2.');
    expect(text).toMatch(/Train the head +to do +0 of 1/);
    expect(text).toContain('Nothing was started.');
  });
});

describe('the end of a run', () => {
  const ended = (validation: RunResult['validation']): RunResult => ({
    ...candidate('a'),
    ...candidate('a').artifacts,
    validation,
    indexes: [],
    registered: { name: 'm2', outcome: 'kept', champion: 'm1', reason: 'It may be chance.' },
    frames: { seen: 100, reused: 0, truncated: 0, unreadable: 0 },
    bytes: { fetched: 0, reused: 0 },
    reusedKeys: [],
    stepSeconds: {},
  });
  const { validation } = candidate('a').artifacts;

  it('says how far chance reaches, over how many sites', () => {
    const text = summarise(ended(validation));
    expect(text).toMatch(/Log loss +0\.0200 +\(no skill: 0\.2000 true priors/);
    expect(text).toContain('95 % over 7 sites: log loss 0.0180 to 0.0240, accuracy 85.0 % to 94.0 %');
    expect(summarise(ended({ ...validation, summary: { ...validation.summary, sites: 1 } }))).toContain(
      '95 % over the sequences of one site:',
    );
  });

  it('says how many animals were found, where there are any', () => {
    expect(summarise(ended(validation))).toMatch(/Animals +80\.0 % found/);
    const { animalRecall: _, ...none } = validation.summary;
    expect(summarise(ended({ ...validation, summary: none }))).not.toContain('Animals');
  });

  it('says which model `predict` takes, and why', () => {
    expect(summarise(ended(validation))).toContain(
      'The model is m2; `predict` takes m1, which stays champion. It may be',
    );
  });
});
