import { readdir } from 'node:fs/promises';
import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { serveFolder, type FolderServer } from '../../simulator';
import { readParquet, readPickedFrames } from '../../lib/metadata';
import { openPackedFrames } from '../../lib/seasons';
import { openStore, type ArtifactStore } from '../../lib/store';
import { SMALL_MODEL } from '../support/smallModel';
import { smallSeasons } from './support/smallSeasons';
import { startSystem } from './support/system';

const REQUEST: RunRequest = {
  model: SMALL_MODEL,
  training: { head: 'tutorial', epochs: 20 },
  frames: { maxValidation: 12, maxTrain: 20 },
};

const WAYS = {
  archives: { keepFetched: false },
  'in-place': { frameSource: 'archives' },
  frames: { frameSource: 'mirrors' },
} as const satisfies Readonly<Record<string, RunRequest>>;

type Way = keyof typeof WAYS;

/** What a run left in the store, and what the mirror sent for it. */
interface Outcome {
  readonly result: RunResult;
  /** Keys and digests of the features' files. */
  readonly features: Readonly<Record<string, string | undefined>>;
  /** Photographs in artifacts of frames. */
  readonly photographs: number;
  /** Of the frames that were picked, as the archives have them. */
  readonly pickedBytes: number;
  /** Bytes of the archives' directories, as read from the mirror. */
  readonly directoryBytes: number;
  readonly archives: number;
  /** Bytes of archives that the mirror sent. */
  readonly archiveBytes: number;
  /** Which artifacts of frames there are. */
  readonly steps: readonly string[];
}

let mirror: FolderServer;
const outcomes = new Map<Way, Outcome>();

beforeAll(async () => {
  mirror = await serveFolder({ directory: await smallSeasons() });
  for (const way of Object.keys(WAYS) as Way[]) outcomes.set(way, await runOnce(WAYS[way]));
});

afterAll(async () => {
  await mirror.close();
});

function outcomeOf(way: Way): Outcome {
  return outcomes.get(way)!;
}

describe.each(Object.keys(WAYS) as Way[])('frames that are had by way of %s', (way) => {
  it('give the very same features, model and scores as unpacked archives', () => {
    const { features, result } = outcomeOf(way);
    const { features: expected, result: whole } = outcomeOf('archives');
    expect(Object.keys(features).length).toBeGreaterThan(5);
    expect(features).toEqual(expected);
    expect(result.model.key).toBe(whole.model.key);
    expect(result.validation.summary).toEqual(whole.validation.summary);
    expect(result.submission.summary.sha256).toBe(whole.submission.summary.sha256);
  });
});

it('archives read in place are not unpacked', () => {
  expect(outcomeOf('in-place')).toMatchObject({ photographs: 0, archives: 3 });
});

it('archives that were unpacked can be discarded', () => {
  expect(outcomeOf('archives').archives).toBe(0);
  expect(outcomeOf('archives').photographs).toBeGreaterThan(100);
});

it('of frames that were fetched small copies stay, for the pages', () => {
  const { trainFrames, validationFrames } = outcomeOf('frames').result.pick.summary;
  expect(outcomeOf('frames').photographs).toBe(trainFrames + validationFrames);
  expect(outcomeOf('frames').steps).toEqual(['listRemoteArchives', 'shrinkFrames']);
});

it('no archive is downloaded for them, and hardly a byte more than the frames and the directory', () => {
  const whole = outcomeOf('archives');
  const { archives, archiveBytes, directoryBytes, pickedBytes, result } = outcomeOf('frames');
  expect(archives).toBe(0);
  expect(archiveBytes).toBeLessThan(1.03 * pickedBytes + directoryBytes);
  expect(result.bytes.fetched).toBeLessThan(whole.result.bytes.fetched / 2);
});

async function runOnce(way: RunRequest): Promise<Outcome> {
  mirror.forget();
  const system = await startSystem();
  try {
    system.startWorker('io');
    system.startWorker('gpu');
    const result = (await system.client.workflow.execute('trainPipeline', {
      taskQueue: IO_TASK_QUEUE,
      workflowId: 'run',
      args: [{ ...REQUEST, ...way, catalog: `${mirror.url}catalog.json` }],
    })) as RunResult;
    const store = openStore(system.storeUri);
    const manifests = await store.list('features');
    const files = manifests.flatMap((manifest) => manifest.files.map((file) => ({ key: manifest.key, ...file })));
    const frames = await store.list('frames');
    const names = await Promise.all(
      frames.map(async (manifest) => {
        const directory = (await store.open(manifest)).path('.');
        if (manifest.summary.form !== 'packed') return await readdir(directory, { recursive: true });
        const packed = await openPackedFrames(directory);
        await packed.close();
        return [...packed.names()];
      }),
    );
    return {
      result,
      features: Object.fromEntries(files.map(({ key, name, sha256 }) => [`${key}/${name}`, sha256])),
      photographs: names.flat().filter((name) => name.endsWith('.JPG')).length,
      pickedBytes: await pickedBytesOf(store, result),
      directoryBytes: frames
        .filter(({ step }) => step === 'listRemoteArchives')
        .reduce((sum, { summary }) => sum + Number(summary.wireBytes), 0),
      steps: [...new Set(frames.map(({ step }) => step))].sort(),
      archives: (await store.list('archive')).length,
      archiveBytes: mirror.bytesSent(/_v2_0\.zip$/),
    };
  } finally {
    await system.stop();
  }
}

async function pickedBytesOf(store: ArtifactStore, { pick, indexes }: RunResult): Promise<number> {
  const sizes = new Map<string, number>();
  for (const index of indexes) {
    const path = (await store.open(index)).path('frames.parquet');
    for (const frame of await readParquet<{ season: string; file_name: string; bytes: number }>(path)) {
      sizes.set(`${frame.season}/${frame.file_name}`, frame.bytes);
    }
  }
  const picked = await readPickedFrames((await store.open(pick)).path('.'));
  return picked.reduce((sum, { season, fileName }) => sum + sizes.get(`${season}/${fileName}`)!, 0);
}
