import { summarise } from '../../../cli/terminal/summary';

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
