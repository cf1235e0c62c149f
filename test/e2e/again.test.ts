import { isToDo, type DryRun } from '../../lib/contracts/plan';
import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { serveFolder, type FolderServer } from '../../simulator';
import { SMALL_MODEL } from '../support/smallModel';
import { smallSeasons } from './support/smallSeasons';
import { startSystem, type System } from './support/system';

/** Of training, only whether it is done matters here. */
const REQUEST: RunRequest = { model: SMALL_MODEL, training: { head: 'tutorial', epochs: 5 } };

let mirror: FolderServer;
let system: System;

beforeAll(async () => {
  mirror = await serveFolder({ directory: await smallSeasons() });
  system = await startSystem();
  system.startWorker('io');
  system.startWorker('gpu');
  await run('first', {});
});

afterAll(async () => {
  await system.stop();
  await mirror.close();
});

async function run(workflowId: string, request: RunRequest): Promise<RunResult> {
  return (await system.client.workflow.execute('trainPipeline', {
    taskQueue: IO_TASK_QUEUE,
    workflowId,
    args: [{ catalog: `${mirror.url}catalog.json`, ...REQUEST, ...request }],
  })) as RunResult;
}

/** Steps that a run would do. */
async function planned(workflowId: string, request: RunRequest): Promise<string[]> {
  const { plan } = (await run(workflowId, { ...request, dryRun: true })) as unknown as DryRun;
  return plan.steps.filter(isToDo).map(({ step }) => step);
}

describe('a plan after a run', () => {
  it('finds everything there, and to do what other options or force change', async () => {
    expect(await planned('same', {})).toEqual([]);
    expect(await planned('other-training', { training: { head: 'tutorial', epochs: 3 } })).toEqual([
      'train',
      'validate',
      'package',
    ]);
    expect(await planned('forced-features', { force: ['features'] })).toEqual([
      'features',
      'train',
      'validate',
      'package',
    ]);
  });

  it('is followed by a run that does what was forced', async () => {
    const result = await run('forced', { force: ['train'] });
    expect(Object.keys(result.stepSeconds)).toEqual(expect.arrayContaining(['train', 'validate', 'package']));
    expect(result.stepSeconds.features).toBeUndefined();
    expect(result.reusedKeys).not.toContain(result.model.key);
    expect(result.frames.reused).toBe(result.frames.seen);
  });
});
