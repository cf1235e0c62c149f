import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Standing, StepView, Waiting } from '../../lib/contracts/control';
import { renderRows, renderStanding } from '../../workflows/details';
import { renderFailure, renderResult } from '../../workflows/endings';

const RUNNING: Standing = { condition: 'running', bytesPerSecond: null, waiting: [], awaited: [] };

const DOWNLOAD: StepView = {
  name: 'download',
  status: 'running',
  unit: 'bytes',
  done: 4_000_000,
  total: 10_000_000,
  resumed: 0,
  parts: 0,
  reusedParts: 0,
  troubles: [],
};

const FULL: Waiting = {
  step: 'download',
  part: 'download:S1',
  code: 'DISK_FULL',
  message: '/store needs 3 MB more. Free disk space in the store.',
  failures: 1,
  since: Date.UTC(2026, 0, 1, 12, 0),
  nextAt: Date.UTC(2026, 0, 1, 13, 0),
};

/** As the UI shows it: words are kept together there by spaces that do not break. */
function plain(markdown: string): string {
  return markdown.replace(/[\u00a0\u2003]/g, ' ');
}

describe('the current details of a run', () => {
  it('are a heading and a table of the steps', () => {
    const catalog: StepView = { ...DOWNLOAD, name: 'catalog', unit: 'steps', status: 'done', startedAt: 0 };
    const unzip: StepView = { ...DOWNLOAD, name: 'unzip', status: 'waiting' };
    const index: StepView = { ...DOWNLOAD, name: 'index', status: 'reused', unit: 'rows', done: 320 };
    expect(
      plain(renderStanding(RUNNING, [{ ...catalog, finishedAt: 200 }, DOWNLOAD, unzip, index])).split('\n'),
    ).toEqual([
      '**Running.**',
      '',
      '|  |  |  |',
      '| --- | --- | --- |',
      '| Read the catalog  | done  | 0.2 s |',
      '| Download seasons  | **running**  | 4.00 MB of 10.0 MB (40 %) |',
      '| Unzip  | waiting  |  |',
      '| Index metadata  | there already  | 320 rows |',
    ]);
  });

  it('say that the downloads are limited, and what goes on after a pause', () => {
    const text = renderStanding({ ...RUNNING, condition: 'paused', bytesPerSecond: 2_000_000 }, []);
    expect(text).toBe('**Paused.** Nothing is running. The update `resume` goes on. Downloads take at most 2.00 MB/s.');
  });

  it('say once what waits for a repair and why, and mark its step', () => {
    const step = { ...DOWNLOAD, troubles: [FULL.message] };
    const text = plain(renderStanding({ ...RUNNING, condition: 'waiting', waiting: [FULL] }, [step]));
    expect(text).toContain('- `download:S1` **DISK\\_FULL**: /store needs 3 MB more.'.replace('\\_', '_'));
    expect(text).toContain('Tried again at 13:00 UTC, or at once with the update `retry`.');
    expect(text).toContain('| Download seasons  | **waits for a repair**  | 4.00 MB of 10.0 MB (40 %) |');
    expect(text.match(/needs 3 MB more/g)).toHaveLength(1);
  });

  it('keep what others wrote from being Markdown', () => {
    const message = 'a|b\n| <script> | `c` *d* _e_ [f](g) # h';
    expect(renderRows([['x', message]])).toMatch(
      /\| a\\\|b \\\| \\<script\\> \\\| \\`c\\` \\\*d\\\* \\_e\\_ \\\[f\\\]\(g\) \\# h \|$/,
    );
    const waiting = renderStanding({ ...RUNNING, waiting: [{ ...FULL, message: 'x'.repeat(2000) }] }, []);
    expect(waiting.length).toBeLessThan(1000);
  });
});

describe('the current details of a run that has ended', () => {
  it('say why it failed, or that it was cancelled', () => {
    const cause = ApplicationFailure.nonRetryable(
      'S1.json:7:3: unexpected "}". Correct the metadata.',
      'METADATA_INVALID',
    );
    expect(renderFailure(cause)).toBe('**Failed.** S1.json:7:3: unexpected "}". Correct the metadata.');
    expect(renderFailure(new CancelledFailure('by a person'))).toMatch(/^\*\*Cancelled\.\*\* What was finished stays/);
  });

  it('are the plan, when it was only planned', () => {
    const plan = {
      trainSeasons: ['S1'],
      validationSeasons: ['S2'],
      steps: [
        { step: 'download', reused: 2, parts: 2 },
        { step: 'features', reused: 1, parts: 3, frames: 63, seconds: 4 },
        { step: 'train', reused: 0, parts: 1 },
      ],
      fetchBytes: 0,
      diskBytes: 5_000_000,
      seconds: 4,
      unknownSeconds: ['train'],
    } as const;
    const text = plain(renderResult({ dryRun: true, plan }, [DOWNLOAD]));
    expect(text).toContain(
      '**Planned; nothing was started.** Trains on S1; validates on S2. To fetch 0 B, to keep 5.00 MB',
    );
    expect(text).toContain('what the store has no measure of yet: train the head.');
    expect(text).toContain('| Download seasons  | there already  |  |');
    expect(text).toContain('| Compute features  | partly there  | 1 of 3 there, 63 frames, 4.0 s |');
    expect(text).toContain('| Train the head  | to do  | 0 of 1 there |');
  });
});
