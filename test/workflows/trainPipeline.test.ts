import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { PLAN_QUERY, type DryRun } from '../../lib/contracts/plan';
import {
  PROGRESS_QUERY,
  RESULT_QUERY,
  type RunProgress,
  type RunResult,
  type SeasonSurvey,
} from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { reference, standIns, startRun, testServer, withWorkers, type Activities } from './support';
import { until } from '../support/waiting';

const environment = testServer();

const start = (request: object): Promise<WorkflowHandle> => startRun(environment(), request);

/** The same activities, and the names of those that were called, in their order. */
function noting(activities: Activities): { readonly activities: Activities; readonly calls: string[] } {
  const calls: string[] = [];
  const noted = Object.entries(activities).map(([name, activity]) => [
    name,
    (...parameters: unknown[]) => {
      calls.push(name);
      return (activity as (...all: unknown[]) => unknown)(...parameters);
    },
  ]);
  return { activities: Object.fromEntries(noted) as Activities, calls };
}

async function failureOf(handle: WorkflowHandle): Promise<unknown> {
  return await handle.result().then(
    () => undefined,
    (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : error),
  );
}

function lost(code: 'ARTIFACT_CORRUPT' | 'ARTIFACT_MISSING', kind: string): ApplicationFailure {
  return ApplicationFailure.create({ type: code, nonRetryable: true, message: `Lost: ${kind}`, details: [{ kind }] });
}

describe('an artifact that is lost under way', () => {
  it('is made anew in the same run, which finds what is left', async () => {
    const base = standIns();
    let failures = 0;
    const { activities, calls } = noting(
      standIns({
        extractFeatures: async (input) => {
          if (input.shard === 1 && failures++ < 2) throw lost('ARTIFACT_CORRUPT', 'pick');
          return await base.extractFeatures(input);
        },
      }),
    );
    const result = await withWorkers(environment(), activities, async () => await (await start({})).result());
    expect((result as RunResult).validation).toBeDefined();
    expect(calls.filter((name) => name === 'pickFrames').length).toBeGreaterThan(1);
    expect(calls.filter((name) => name === 'readCatalog')).toHaveLength(1);
    expect(calls.filter((name) => name === 'packageSubmission')).toHaveLength(1);
  });

  it('is looked for anew also when it is the catalog', async () => {
    const base = standIns();
    let failures = 0;
    const { activities, calls } = noting(
      standIns({
        trainHead: async (input) => {
          if (failures++ === 0) throw lost('ARTIFACT_MISSING', 'catalog');
          return await base.trainHead(input);
        },
      }),
    );
    await withWorkers(environment(), activities, async () => await (await start({})).result());
    expect(calls.filter((name) => name === 'readCatalog')).toHaveLength(2);
  });

  it('again and again ends the run with its code', async () => {
    const { activities, calls } = noting(
      standIns({ trainHead: () => Promise.reject(lost('ARTIFACT_CORRUPT', 'features')) }),
    );
    const failure = await withWorkers(environment(), activities, async () => failureOf(await start({})));
    expect((failure as Error).cause).toMatchObject({ type: 'ARTIFACT_CORRUPT' });
    expect(calls.filter((name) => name === 'trainHead')).toHaveLength(6);
  });
});

describe('the input of a run', () => {
  it('is refused at once, with every problem in words', async () => {
    const request = {
      catalogue: 'sample',
      frames: { keepEmpties: 1.5 },
      model: { backbone: 'resnet', input: { width: 5120, height: 384 } },
      training: { epochs: 0, batchSize: 2.5 },
    };
    const failure = await withWorkers(environment(), standIns(), async () => failureOf(await start(request)));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'INPUT_INVALID', nonRetryable: true });
    const { message } = failure as ApplicationFailure;
    for (const place of [
      'catalogue',
      'frames.keepEmpties',
      'model.backbone',
      'model.input.width',
      'training.epochs',
      'training.batchSize',
    ]) {
      expect(message).toContain(place);
    }
    expect(message).toContain('got 1.5');
  });

  it('may be empty: every option has a default', async () => {
    const result = await withWorkers(
      environment(),
      standIns(),
      async () => (await start({})).result() as Promise<RunResult>,
    );
    expect(result.input).toMatchObject({
      catalog: 'sample',
      frames: { perSequence: 'first' },
      model: { backbone: 'efficientnet-lite0', input: { width: 384, height: 384, fit: 'stretch' } },
      training: { head: 'fitted', output: 'softmax', pooling: 'mean' },
      seed: 1,
    });
  });
});

describe('a run', () => {
  it('takes the steps in order and gives back what each made', async () => {
    const { activities, calls } = noting(standIns());
    const result = await withWorkers(
      environment(),
      activities,
      async () => (await start({})).result() as Promise<RunResult>,
    );
    const beside = ['downloadMetadata', 'surveySeason', 'searchAttributes', 'watchRun'];
    const firsts = [...new Set(calls.filter((name) => !beside.includes(name)))];
    expect(firsts).toEqual([
      'readCatalog',
      'downloadArchive',
      'unzipSeason',
      'indexSeason',
      'pickFrames',
      'prepareBackbone',
      'extractFeatures',
      'trainHead',
      'validateModel',
      'packageSubmission',
      'writeReport',
      'registerModel',
      'pairChallenger',
    ]);
    expect(calls.filter((name) => name === 'extractFeatures')).toHaveLength(6);
    expect(result).toMatchObject({
      trainSeasons: ['S1'],
      validationSeasons: ['S2'],
      frames: { seen: 12, reused: 0 },
      bytes: { fetched: 4000, reused: 0 },
      submission: { kind: 'submission' },
      registered: { name: 'm1', outcome: 'promoted', champion: 'm1', reason: 'The first.' },
    });
  });

  it('keeps every payload of its history under 16 KB', async () => {
    const handle = await withWorkers(environment(), standIns(), async () => {
      const started = await start({});
      await started.result();
      return started;
    });
    const { events = [] } = await handle.fetchHistory();
    const sizes = events!.map((event) => JSON.stringify(event).length);
    expect(Math.max(...sizes)).toBeLessThan(16_384);
  });

  it('answers the query `progress` while it goes, and names the parts under way', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { trainHead } = standIns();
    const held = standIns({
      trainHead: async (input) => {
        await gate;
        return await trainHead(input);
      },
    });
    const [during, after] = await withWorkers(environment(), held, async () => {
      const handle = await start({});
      const ask = (): Promise<RunProgress> => handle.query<RunProgress>(PROGRESS_QUERY);
      let progress = await ask();
      while (progress.steps.train.status !== 'running') {
        await sleep(20);
        progress = await ask();
      }
      release();
      await handle.result();
      return [progress, await ask()];
    });
    expect(during?.steps.train.running).toEqual(['train']);
    expect(during?.steps.features).toMatchObject({ status: 'done', finished: 7, done: 12 });
    expect(during?.steps.package.status).toBe('waiting');
    expect(Object.values(after.steps).map(({ status }) => status)).toEqual(Array(9).fill('done'));
  });
});

describe('the ways to the frames of a season', () => {
  const callsOf = async (request: RunRequest, overrides: Partial<Activities> = {}): Promise<string[]> => {
    const { activities, calls } = noting(standIns(overrides));
    await withWorkers(environment(), activities, async () => (await start(request)).result());
    return calls;
  };
  const count = (calls: readonly string[], name: string): number => calls.filter((call) => call === name).length;

  it('are refused together where they exclude one another', async () => {
    const failure = await withWorkers(environment(), standIns(), async () =>
      failureOf(await start({ frameSource: 'archives', keepFetched: false })),
    );
    expect(failure).toMatchObject({ type: 'INPUT_INVALID' });
    expect((failure as ApplicationFailure).message).toContain('keepFetched');
  });

  it('end with unpacking where it was done before, whether or not the archives are still there', async () => {
    const { unzipSeason } = standIns();
    const unpacked = async ({ season }: { readonly season: string }): Promise<SeasonSurvey> => {
      const archive = reference('archive', 'a', { season, files: [] });
      return { downloads: true, frames: (await unzipSeason({ archive, frameSource: 'extracted' })).ref };
    };
    const calls = await callsOf({ keepFetched: false }, { surveySeason: unpacked });
    expect(['downloadArchive', 'unzipSeason', 'discardArchive'].map((name) => count(calls, name))).toEqual([0, 0, 0]);
  });

  it('discard archives once they are unpacked, when they need not be kept', async () => {
    const calls = await callsOf({ keepFetched: false });
    expect(calls.indexOf('discardArchive')).toBeGreaterThan(calls.indexOf('unzipSeason'));
    expect(count(calls, 'discardArchive')).toBe(2);
  });

  it('fetch frames shard by shard where archives stay at the mirrors', async () => {
    const remote = { surveySeason: () => Promise.resolve({ downloads: false }) };
    const calls = await callsOf({ frameSource: 'mirrors' }, remote);
    expect(
      ['listArchives', 'fetchFrames', 'extractFeatures', 'shrinkFrames'].map((name) => count(calls, name)),
    ).toEqual([2, 6, 6, 6]);
    expect(calls.indexOf('fetchFrames')).toBeGreaterThan(calls.indexOf('pickFrames'));
    expect(count(await callsOf({ frameSource: 'mirrors', keepFetched: true }, remote), 'shrinkFrames')).toBe(0);
  });

  it('fetch nothing for shards whose features are there', async () => {
    const calls = await callsOf(
      { frameSource: 'mirrors' },
      { surveySeason: () => Promise.resolve({ downloads: false }), fetchFrames: () => Promise.resolve(null) },
    );
    expect([count(calls, 'extractFeatures'), count(calls, 'shrinkFrames')]).toEqual([6, 0]);
  });
});

describe('two runs that need the same season at the same time', () => {
  it('download it once, however they split the catalog', async () => {
    const made = new Set<string>();
    let downloads = 0;
    let noteWaiting!: () => void;
    const otherWaits = new Promise<void>((resolve) => (noteWaiting = resolve));
    const { downloadArchive, readCatalog } = standIns();
    const counting = standIns({
      readCatalog: async (input) => {
        const { ref } = await readCatalog(input);
        const { trainSeasons = ref.summary.trainSeasons, validationSeasons = ref.summary.validationSeasons } = input;
        const key = [...trainSeasons, ...validationSeasons].join('-').padEnd(64, '0');
        return { ref: { ...ref, key, summary: { ...ref.summary, trainSeasons, validationSeasons } }, reused: false };
      },
      downloadArchive: async (input) => {
        if (made.has(input.season)) return { ...(await downloadArchive(input)), reused: true };
        downloads += 1;
        await otherWaits;
        made.add(input.season);
        return await downloadArchive(input);
      },
      awaitWorkflow: async (workflowId) => {
        noteWaiting();
        const handle = environment().client.workflow.getHandle(workflowId);
        while ((await handle.describe()).status.name === 'RUNNING') await sleep(50);
        return undefined;
      },
    });
    const results = await withWorkers(environment(), counting, async () => {
      const handles = await Promise.all([start({}), start({ trainSeasons: ['S2'], validationSeasons: ['S1'] })]);
      return await Promise.all(handles.map((handle) => handle.result() as Promise<RunResult>));
    });
    expect(downloads).toBe(2);
    expect(results.map(({ bytes }) => bytes.fetched).sort((a, b) => a - b)[0]).toBeLessThan(4000);
  });
});

describe('a cancelled run', () => {
  it('stops what is under way and ends as cancelled', async () => {
    let begun = 0;
    let cancelled = 0;
    const waiting = standIns({
      downloadArchive: async () => {
        const { cancelled: cancellation } = Context.current();
        begun += 1;
        const beat = setInterval(() => Context.current().heartbeat(), 100);
        try {
          return await cancellation;
        } finally {
          clearInterval(beat);
          cancelled += 1;
        }
      },
    });
    const failure = await withWorkers(environment(), waiting, async () => {
      const handle = await start({});
      await until(async () => begun === 2);
      await handle.cancel();
      return await failureOf(handle);
    });
    expect(failure).toBeInstanceOf(CancelledFailure);
    expect(cancelled).toBe(2);
  });
});

describe('an error that no retry mends', () => {
  it('ends the run with its code and what to do', async () => {
    let attempts = 0;
    const failing = standIns({
      indexSeason: () => {
        attempts += 1;
        return Promise.reject(
          ApplicationFailure.nonRetryable('S1.json:7:3: unexpected "}". Correct the metadata.', 'METADATA_INVALID'),
        );
      },
    });
    const failure = await withWorkers(environment(), failing, async () => failureOf(await start({})));
    expect((failure as Error & { cause: unknown }).cause).toMatchObject({ type: 'METADATA_INVALID' });
    expect(attempts).toBeLessThanOrEqual(2);
  });
});

describe('a dry run', () => {
  it('says what there is to do and starts nothing of it', async () => {
    const called: string[] = [];
    const activities = Object.fromEntries(
      Object.entries(standIns()).map(([name, activity]) => [
        name,
        (...parameters: unknown[]) => {
          called.push(name);
          return (activity as (...all: unknown[]) => unknown)(...parameters);
        },
      ]),
    ) as Activities;
    const { result, plan, answer } = await withWorkers(environment(), activities, async () => {
      const handle = await start({ dryRun: true });
      return {
        result: (await handle.result()) as DryRun,
        plan: await handle.query(PLAN_QUERY),
        answer: await handle.query(RESULT_QUERY),
      };
    });
    expect(result.plan.steps).toEqual([{ step: 'train', reused: 0, parts: 1, frames: 6 }]);
    expect(plan).toEqual(result.plan);
    expect(answer).toEqual(result);
    expect(called.filter((name) => name !== 'watchRun' && name !== 'searchAttributes')).toEqual([
      'readCatalog',
      'planRun',
    ]);
  });
});

describe('steps that are forced', () => {
  it('are cleared, with those behind them, before anything is done', async () => {
    const cleared: (readonly string[])[] = [];
    const activities = standIns({
      clearSteps: ({ steps }) => {
        cleared.push(steps);
        return Promise.resolve(3);
      },
    });
    await withWorkers(environment(), activities, async () => (await start({ force: ['train', 'validate'] })).result());
    expect(cleared).toEqual([['train', 'validate', 'package']]);
  });

  it('must be steps that can be', async () => {
    const failure = await withWorkers(environment(), standIns(), async () =>
      failureOf(await start({ force: ['catalog'] })),
    );
    expect((failure as Error).message).toMatch(/force\.0: .*"download".*got "catalog"/);
  });
});
