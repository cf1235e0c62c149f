import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { readModelCard } from '../../lib/model/classifier';
import { serveFolder, type FolderServer } from '../../simulator';
import { openStore } from '../../lib/store';
import { SMALL_MODEL } from '../support/smallModel';
import { smallSeasons } from './support/smallSeasons';
import { startSystem, type System } from './support/system';

const REQUEST: RunRequest = {
  model: SMALL_MODEL,
  training: { head: 'tutorial', epochs: 8, output: 'sigmoid', fineTune: { cells: 2, epochs: 2 } },
};

let mirror: FolderServer;
let system: System;
let result: RunResult;

beforeAll(async () => {
  mirror = await serveFolder({ directory: await smallSeasons() });
  system = await startSystem();
  for (const role of ['io', 'gpu'] as const) system.startWorker(role);
  const handle = await system.client.workflow.start('trainPipeline', {
    taskQueue: IO_TASK_QUEUE,
    workflowId: 'run',
    args: [{ ...REQUEST, catalog: `${mirror.url}catalog.json` }],
  });
  result = (await handle.result()) as RunResult;
});

afterAll(async () => {
  await system.stop();
  await mirror.close();
});

describe('a run that fine-tunes', () => {
  it('trains the head, then the last cells of the backbone with it', async () => {
    expect(result.model.summary.epochs).toBe(10);
    const store = openStore(system.storeUri);
    const { files } = await store.manifest(result.model);
    const names = files.map(({ name }) => name);
    for (const name of ['head.safetensors', 'backbone.safetensors', 'feature_model/saved_model.pb']) {
      expect(names).toContain(name);
    }
    expect(names).toContain('frozen/head.safetensors');
    expect(names.filter((name) => /checkpoint|trunk/.test(name))).toEqual([]);
    const card = await readModelCard((await store.open(result.model)).path('.'));
    expect(card.tunedStages).toEqual(['block15', 'head']);
  });

  it('validates on features of the tuned backbone, and keeps none of them', async () => {
    const { sequences, logLoss, baselines } = result.validation.summary;
    expect(sequences).toBeGreaterThan(20);
    expect(logLoss).toBeLessThan(baselines.uniform);
    const { files } = await openStore(system.storeUri).manifest(result.validation);
    expect(files.map(({ name }) => name).sort()).toEqual(['predictions.csv', 'sequences.csv', 'validation.json']);
  });

  it('packages a model that runs', () => {
    expect(result.submission.summary.checked).toContain('main.mjs');
  });
});
