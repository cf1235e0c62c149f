import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type RuntimeOptions, type WorkerDeploymentOptions } from '@temporalio/worker';
import type { Activities as TaskActivities } from '../../activities';
import { createWatchActivities, type WatchActivities } from '../../activities/watch';
import type { ArtifactRef } from '../../lib/contracts/artifact';
import {
  GPU_TASK_QUEUE,
  IO_TASK_QUEUE,
  TRANSFER_TASK_QUEUE,
  WATCH_TASK_QUEUE,
  WORKFLOW_TASK_TIMEOUT,
} from '../../lib/contracts/run';
import type { FramesSummary } from '../../lib/contracts/steps';
import { DYNAMIC_CONFIG, temporalCommand } from '../../workers/temporalServer';

export type Activities = TaskActivities & WatchActivities;

/** A real server, for workflows whose activities are stand-ins: what is tested is the order of things, not the work. */
export async function startServer(options: RuntimeOptions = {}): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), ...options });
  return await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: temporalCommand() }, extraArgs: DYNAMIC_CONFIG },
  });
}

/** The same for all tests of a file, from its first to its last. */
export function testServer(): () => TestWorkflowEnvironment {
  let environment: TestWorkflowEnvironment;
  beforeAll(async () => {
    environment = await startServer();
  });
  afterAll(async () => {
    await stopWorkflows();
    await environment.teardown();
  });
  return () => environment;
}

/** As set-up made it for the workers: to bundle takes seconds. */
export const WORKFLOWS = { codePath: join(__dirname, '../../dist/workflow-bundle.js') };

let runs = 0;

/** Starts a run, under an id of its own unless one is given. */
export async function startRun(
  { client }: TestWorkflowEnvironment,
  request: object = {},
  workflowId = `run-${++runs}`,
): Promise<WorkflowHandle> {
  return await client.workflow.start('trainPipeline', {
    taskQueue: IO_TASK_QUEUE,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    workflowId,
    args: [request],
  });
}

let workflows: { readonly worker: Worker; readonly running: Promise<void> } | undefined;

/** A worker that takes the workflows of all tests of a file: a new one loads them for seconds. */
async function startWorkflows({ nativeConnection: connection }: TestWorkflowEnvironment): Promise<void> {
  if (workflows !== undefined) return;
  const worker = await Worker.create({ connection, taskQueue: IO_TASK_QUEUE, workflowBundle: WORKFLOWS });
  workflows = { worker, running: worker.run() };
}

async function stopWorkflows(): Promise<void> {
  workflows?.worker.shutdown();
  await workflows?.running;
  workflows = undefined;
}

/** How workers are other than by default. */
interface WorkersAsked {
  /** They take the workflows themselves, in all tests of a file or in none: the next ones replay them. */
  readonly fresh?: boolean;
  readonly dataConverter?: DataConverter;
  readonly deployment?: WorkerDeploymentOptions;
  /** Activities of each queue at a time. */
  readonly slots?: number;
}

/** Runs `test` while workers with these activities are up. */
export async function withWorkers<T>(
  environment: TestWorkflowEnvironment,
  activities: Activities,
  test: () => Promise<T>,
  { fresh = false, dataConverter, deployment, slots = 100 }: WorkersAsked = {},
): Promise<T> {
  const common = {
    connection: environment.nativeConnection,
    ...(dataConverter && { dataConverter }),
    activities,
    ...(deployment && { workerDeploymentOptions: deployment }),
    maxConcurrentActivityTaskExecutions: slots,
    // Cancellation arrives with heartbeats.
    maxHeartbeatThrottleInterval: '100 ms',
  };
  const own = fresh || dataConverter !== undefined || deployment !== undefined;
  if (!own) await startWorkflows(environment);
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: IO_TASK_QUEUE, ...(own && { workflowBundle: WORKFLOWS }) }),
    Worker.create({ ...common, taskQueue: TRANSFER_TASK_QUEUE }),
    Worker.create({ ...common, taskQueue: GPU_TASK_QUEUE }),
    Worker.create({ ...common, maxConcurrentActivityTaskExecutions: 100, taskQueue: WATCH_TASK_QUEUE }),
  ]);
  const running = workers.map((worker) => worker.run());
  try {
    return await test();
  } finally {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(running);
  }
}

export function reference<S extends object>(kind: ArtifactRef['kind'], key: string, summary: S): ArtifactRef<S> {
  return { kind, key, uri: `file:///store/artifacts/${kind}/${key}/`, bytes: 1000, summary };
}

/** Activities that answer at once with plausible references, two seasons and three shards each. */
export function standIns(overrides: Partial<Activities> = {}): Activities {
  const answer = <R>(ref: R): Promise<{ ref: R; reused: boolean }> => Promise.resolve({ ref, reused: false });
  return {
    ...createWatchActivities(),
    readCatalog: () =>
      answer(
        reference('catalog', 'c'.repeat(64), {
          name: 'stand-in',
          seasons: 2,
          classes: 3,
          trainSeasons: ['S1'],
          validationSeasons: ['S2'],
          sources: { S1: 's1s1s1s1s1s1', S2: 's2s2s2s2s2s2' },
        }),
      ),
    surveySeason: ({ frameSource }) => Promise.resolve({ downloads: frameSource !== 'mirrors' }),
    discardArchive: () => Promise.resolve(true),
    listArchives: ({ season }) =>
      answer(reference('frames', `r-${season}`, { ...framesSummary(season), form: 'remote' })),
    fetchFrames: ({ frames: { summary }, shard }) =>
      answer(reference('frames', `r-${summary.season}-${shard}`, framesSummary(summary.season))),
    shrinkFrames: ({ frames: { summary } }) => answer(reference('frames', 's', framesSummary(summary.season))),
    planRun: ({ catalog }) =>
      Promise.resolve({
        trainSeasons: catalog.summary.trainSeasons,
        validationSeasons: catalog.summary.validationSeasons,
        steps: [{ step: 'train', reused: 0, parts: 1, frames: 6 }],
        fetchBytes: 0,
        diskBytes: 0,
        seconds: 0,
        unknownSeconds: ['train'],
      }),
    clearSteps: () => Promise.resolve(0),
    downloadMetadata: ({ season }) => answer(reference('metadata', `m-${season}`, { season, files: ['m.json.zip'] })),
    downloadArchive: ({ season }) => answer(reference('archive', `a-${season}`, { season, files: ['a.zip'] })),
    unzipSeason: ({ archive: { summary } }) =>
      answer(reference('frames', `f-${summary.season}`, framesSummary(summary.season))),
    indexSeason: ({ metadata: { summary } }) =>
      answer(
        reference('index', `i-${summary.season}`, {
          catalog: 'sample',
          season: summary.season,
          frames: 9,
          sequences: 9,
          sites: 1,
          empties: 6,
          framesNotInArchive: 0,
          filesNotInMetadata: 0,
          corruptFrames: 0,
          rejectedRows: 0,
          excludedSequences: 0,
        }),
      ),
    pickFrames: () =>
      answer(
        reference('pick', 'p'.repeat(64), {
          trainSequences: 6,
          trainFrames: 6,
          validationSequences: 9,
          validationFrames: 9,
          keptEmpties: 0.1,
          sharedSites: 1,
          shards: [
            { season: 'S1', shards: 3, frames: 6 },
            { season: 'S2', shards: 3, frames: 9 },
          ],
        }),
      ),
    prepareBackbone: ({ model }) =>
      answer(
        reference('backbone', 'b'.repeat(64), {
          backbone: model.backbone,
          featureWidth: 1280,
          pooling: 'average',
          weightsSha256: '0',
          preprocessing: { ...model.input, channels: 'RGB' },
        }),
      ),
    extractFeatures: ({ frames: { summary }, shard }) =>
      answer(
        reference('features', `x-${summary.season}-${shard}`, {
          season: summary.season,
          shard,
          frames: 2,
          width: 1280,
          reused: 0,
          truncated: 0,
          unreadable: 0,
        }),
      ),
    trainHead: () =>
      answer(
        reference('model', 'h'.repeat(64), {
          backbone: 'efficientnet-lite0',
          classes: 3,
          epochs: 5,
          trainFrames: 6,
          loss: 0.5,
        }),
      ),
    validateModel: () =>
      answer(
        reference('validation', 'v'.repeat(64), {
          sequences: 9,
          frames: 9,
          accuracy: 0.9,
          top5: 1,
          crossEntropy: 0.3,
          logLoss: 0.02,
          accuracyRange: { low: 0.8, high: 0.95 },
          logLossRange: { low: 0.01, high: 0.03 },
          sites: 3,
          animalRecall: 0.8,
          macroAveragePrecision: 0.7,
          baselines: { uniform: 0.6, sampledPrior: 0.3, truePrior: 0.2 },
        }),
      ),
    packageSubmission: () =>
      answer(reference('submission', 's'.repeat(64), { zipBytes: 1000, sha256: '0', checked: 'main.mjs ran' })),
    writeReport: () => answer(reference('report', 'r'.repeat(64), { title: 'Report' })),
    registerModel: () => Promise.resolve('m1'),
    surveySeasons: () => Promise.resolve({ catalog: 'stand-in', seasons: ['S1', 'S2'], known: ['S1', 'S2'] }),
    lookAtSeasons: ({ seasons }) => Promise.resolve(seasons.map((season) => ({ season, bytes: 1000, version: 'v1' }))),
    planRetraining: () => Promise.resolve({ obstacle: 'Nothing to train.' }),
    pairChallenger: () =>
      Promise.resolve({
        settled: { at: '2026-01-01T00:00:00Z', catalog: 'stand-in', model: 'm1', how: 'first', reason: 'The first.' },
      }),
    heldOutFrames: () => Promise.resolve([]),
    settleChallenger: () => Promise.resolve(undefined),
    ...overrides,
  };
}

function framesSummary(season: string): FramesSummary {
  return { season, form: 'extracted', entries: 9, frameBytes: 900, archiveBytes: 1000, wireBytes: 100, rejected: 0 };
}
