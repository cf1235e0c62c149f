import type { StepView } from '../../../lib/contracts/control';
import { describeStep } from '../../../lib/contracts/stepText';

const DOWNLOAD: StepView = {
  name: 'download',
  status: 'running',
  unit: 'bytes',
  done: 4_000_000,
  resumed: 0,
  parts: 0,
  reusedParts: 0,
  troubles: [],
};

function described(step: Partial<StepView>): string {
  return describeStep({ ...DOWNLOAD, ...step });
}

describe('a step in words', () => {
  it('has its amount alone while nobody knows of how much', () => {
    expect(described({})).toBe('4.00 MB');
  });

  it('has none while its parts have only begun', () => {
    expect(described({ unit: 'epochs', done: 0, total: 0 })).toBe('');
  });

  it('has share, rate and time left, and what is happening', () => {
    expect(described({ total: 10_000_000, perSecond: 100_000, note: 'azure' })).toBe(
      '4.00 MB of 10.0 MB (40 %), 100 kB/s, 1 min 0 s left, azure',
    );
  });

  it('is never more than whole', () => {
    expect(described({ total: 1_000_000, perSecond: 100_000 })).toBe(
      '4.00 MB of 1.00 MB (100 %), 100 kB/s, 0.0 s left',
    );
  });

  it('says where it went on, by how much of it was there', () => {
    expect(described({ total: 10_000_000, resumed: 2_590_000 })).toBe(
      '4.00 MB of 10.0 MB (40 %), resumed at 25 % (2.59 MB were there)',
    );
    expect(described({ unit: 'frames', done: 40, resumed: 12 })).toBe('40 frames, 12 were there');
  });

  it('says why it tries again, the latest reason only', () => {
    expect(described({ troubles: ['S1.zip: connection refused', 'S2.zip: connection refused'] })).toBe(
      '4.00 MB, tries again: S1.zip: connection refused',
    );
  });

  it('has amount and time when it is done, or that it was not needed', () => {
    expect(described({ status: 'done', startedAt: 1000, finishedAt: 13_000 })).toBe('4.00 MB, 12 s');
    expect(described({ status: 'done', unit: 'steps', startedAt: 0, finishedAt: 400 })).toBe('0.4 s');
    expect(described({ status: 'done' })).toBe('not needed');
  });

  it('is nothing before it begins', () => {
    expect(described({ status: 'waiting' })).toBe('');
  });
});
