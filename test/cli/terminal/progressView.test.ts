import { PassThrough } from 'node:stream';
import { createProgressView } from '../../../cli/terminal/progressView';
import type { StepView } from '../../../lib/contracts/control';

const WAITING: StepView = {
  name: 'download',
  status: 'waiting',
  unit: 'bytes',
  done: 0,
  resumed: 0,
  parts: 0,
  reusedParts: 0,
  troubles: [],
};

function lines(...updates: Partial<StepView>[]): string[] {
  const output = new PassThrough() as unknown as NodeJS.WriteStream;
  const view = createProgressView(output);
  for (const update of updates) view.update([{ ...WAITING, ...update }]);
  view.stop();
  const text = (output as unknown as PassThrough).read() as Buffer | null;
  return (text?.toString() ?? '').split('\n').filter((line) => line !== '');
}

describe('progress without a terminal', () => {
  it('is a line when a step starts and when it ends, and none while it waits', () => {
    const done = { status: 'done', done: 5_000_000, total: 5_000_000, startedAt: 0, finishedAt: 12_000 } as const;
    expect(lines({}, { status: 'running', startedAt: 0 }, done, done)).toEqual([
      'Download seasons: started',
      'Download seasons: 5.00 MB, 12 s',
    ]);
  });

  it('does not count a step that is one thing', () => {
    const done = { unit: 'steps', status: 'done', done: 1, startedAt: 0, finishedAt: 400 } as const;
    expect(lines(done)).toEqual(['Download seasons: 0.4 s']);
  });

  it('says at once why a step tries again, and says it once', () => {
    const failing = { status: 'running', startedAt: 0, troubles: ['S1.zip: connection refused'] } as const;
    expect(lines({ status: 'running', startedAt: 0 }, failing, failing)).toEqual([
      'Download seasons: started',
      'Download seasons: 0 B, tries again: S1.zip: connection refused',
    ]);
  });

  it('says what was there already', () => {
    expect(lines({ status: 'reused', done: 5_000_000 })).toEqual(['Download seasons: 5.00 MB, there already']);
  });
});
