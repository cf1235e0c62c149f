import type { StepView, Waiting } from '../../lib/contracts/control';
import { reportSchema } from '../../lib/contracts/control';
import { Reporter } from '../../runs/reporter';
import type { RunningPart, Snapshot } from '../../runs/snapshot';

type Seen = Pick<Snapshot, 'steps' | 'parts' | 'waitingInChildren'>;

const MINUTE = 60_000;
const MIRROR_AWAY = `No mirror gives S1.zip:\n  - http://mirror/S1.zip: connection refused. ${'x'.repeat(2000)}`;

function download(change: Partial<StepView> = {}): StepView {
  return {
    ...{ name: 'download', status: 'running', unit: 'bytes', done: 10, total: 100, resumed: 0 },
    ...{ parts: 0, reusedParts: 0, troubles: [] },
    ...change,
  };
}

function waits(part: string, failures = 1): Waiting {
  return { step: 'download', part, code: 'SOURCE_UNREACHABLE', message: MIRROR_AWAY, failures, since: 0, nextAt: 60 };
}

function seen(change: Partial<Seen> = {}): Seen {
  return { steps: [download()], parts: [], waitingInChildren: [], ...change };
}

function running(part: string, change: Partial<RunningPart> = {}): RunningPart {
  return { part, progress: undefined, trouble: undefined, ...change };
}

describe('what a watcher tells a run', () => {
  it('is nothing while nothing changes', () => {
    const reporter = new Reporter(0);
    expect(reporter.next(seen(), 0)).toMatchObject({ first: true, steps: [{ name: 'download' }] });
    for (let now = 2_000; now < 10 * MINUTE; now += 2_000) expect(reporter.next(seen(), now)).toBeUndefined();
  });

  it('is only the steps that have changed', () => {
    const reporter = new Reporter(0);
    const unzip = download({ name: 'unzip', unit: 'entries' });
    reporter.next(seen({ steps: [download(), unzip] }), 0);
    expect(reporter.next(seen({ steps: [download({ done: 20 }), unzip] }), 5_000)).toEqual({
      ...{ first: false, ended: [], waiting: [], settled: [] },
      steps: [download({ done: 20 })],
    });
    expect(reporter.next(seen({ steps: [unzip] }), 10_000)).toMatchObject({ steps: [], ended: ['download'] });
  });

  it('of what moves all the time comes ever more rarely', () => {
    const reporter = new Reporter(0);
    let reports = 0;
    for (let now = 0, done = 0; now < 14 * 24 * 60 * MINUTE; now += 2_000, done++) {
      if (reporter.next(seen({ steps: [download({ done })] }), now) !== undefined) reports += 1;
    }
    expect(reports).toBeLessThan(700);
  });

  it('of what begins to wait comes at once, a few parts at a time, in few words', () => {
    const reporter = new Reporter(-60 * MINUTE);
    reporter.next(seen(), 0);
    const parts = Array.from({ length: 25 }, (_, i) => waits(`download:S${i}`));
    const reports = [2_000, 4_000, 6_000, 8_000].map((now) => reporter.next(seen({ waitingInChildren: parts }), now));
    expect(reports.map((report) => report?.waiting.length)).toEqual([10, 10, 5, undefined]);
    for (const report of reports.slice(0, 3)) {
      expect(JSON.stringify(report).length).toBeLessThan(16_384);
      expect(reportSchema.parse(report)).toEqual(report);
    }
  });

  it('is nothing of what waits on, however often it is tried again', () => {
    const reporter = new Reporter(0);
    const part = 'download:S1';
    let reports = 0;
    // Waits for a quarter of an hour, then fails for four minutes until it waits again: for half a day.
    for (let now = 0; now < 12 * 60 * MINUTE; now += 2_000) {
      const minute = Math.floor(now / MINUTE) % 19;
      const trouble = now % MINUTE < 30_000 ? undefined : MIRROR_AWAY;
      const look = seen(
        minute < 15
          ? { waitingInChildren: [waits(part, Math.floor(now / MINUTE))] }
          : { parts: [running(part, { trouble })], steps: [download({ troubles: trouble ? [trouble] : [] })] },
      );
      if (reporter.next(look, now) !== undefined) reports += 1;
    }
    // That it waits, and where the step is.
    expect(reports).toBeLessThanOrEqual(2);
  });

  it.each<[string, Partial<Seen>, number]>([
    ['is done', {}, 2_000],
    ['moves', { parts: [running('download:S1', { progress: { done: 30, reused: 10, unit: 'bytes' } })] }, 2_000],
    ['has gone on for minutes', { parts: [running('download:S1')] }, 6 * MINUTE],
  ])('is that a part waits no more when it %s', (_, look, now) => {
    const reporter = new Reporter(0);
    reporter.next(seen({ waitingInChildren: [waits('download:S1')] }), 0);
    expect(reporter.next(seen(look), now)).toMatchObject({ settled: ['download:S1'] });
  });
});
