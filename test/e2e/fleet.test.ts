import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactKind, ArtifactRef, Manifest } from '../../lib/contracts/artifact';
import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { startFleet, type Fleet } from './support/fleet';
import type { Program } from './support/processes';
import { SMALL_MODEL } from '../support/smallModel';
import { smallSeasons } from './support/smallSeasons';

/** Enough epochs and frames for the work to be cut off in the middle of it. */
const REQUEST: RunRequest = {
  model: SMALL_MODEL,
  training: { head: 'tutorial', epochs: 10 },
  frames: { perSequence: 'all', keepEmpties: 1 },
};

interface Cut {
  readonly activity: string;
  readonly message: 'Started' | 'Progress';
  /** The worker is killed, or its host loses the network for good. */
  readonly how: 'kill' | 'link';
}

/** Two workers of each kind are lost, one after the other; a third one finishes. */
const CUTS: Readonly<Record<'io' | 'gpu', readonly Cut[]>> = {
  io: [
    { activity: 'downloadArchive', message: 'Started', how: 'kill' },
    { activity: 'indexSeason', message: 'Started', how: 'link' },
  ],
  gpu: [
    { activity: 'extractFeatures', message: 'Progress', how: 'link' },
    { activity: 'extractFeatures', message: 'Started', how: 'kill' },
  ],
};

/** What a run left behind. */
interface Outcome {
  readonly result: RunResult;
  /** `<kind>/<file> <SHA-256>` of every file of every result, those with times in them left out; sorted. */
  readonly files: readonly string[];
}

let published: string;
/** Under way beside the run that loses workers, which waits most of its time. */
let onOneMachine: Promise<Outcome>;

beforeAll(async () => {
  published = await smallSeasons();
  onOneMachine = runOnOneMachine();
  onOneMachine.catch(() => undefined); // reported where it is awaited
});

describe('a run whose workers share a bucket and nothing else, and of which four are killed or lose the network', () => {
  let fleet: Fleet;
  let outcome: Outcome;

  beforeAll(async () => {
    fleet = await startFleet(published, 6);
    if (!fleet.hasNetwork) {
      process.stderr.write(
        'No network namespaces here: hosts are separate folders, and a link that breaks is a kill.\n',
      );
    }
    const running = run(fleet);
    running.catch(() => undefined); // reported below
    const lost = (await Promise.all([startAndLoseWorkers(fleet, 'io'), startAndLoseWorkers(fleet, 'gpu')])).flat();
    outcome = await running;
    await Promise.all(lost.map(([worker, how]) => expectLost(worker, how)));
    await onOneMachine;
  });

  afterAll(async () => {
    await fleet.stop();
  });

  it('ends with the very files of a run on one machine', async () => {
    expect(outcome.files.length).toBeGreaterThan(20);
    expect(outcome.files).toEqual((await onOneMachine).files);
  });

  it('ends with the same scores', async () => {
    expect(outcome.result.validation.summary).toEqual((await onOneMachine).result.validation.summary);
  });

  it('has its results in the bucket', () => {
    expect(outcome.result.model.uri).toMatch(/^s3:\/\/fleet\/runs\/artifacts\/model\//);
  });

  it('leaves nothing readable with the Temporal server', async () => {
    const history = await fleet.withoutKey.workflow.getHandle('run').fetchHistory();
    const stored = payloadsOf(JSON.parse(JSON.stringify(history)));
    expect(stored.filter((text) => text === 'binary/encrypted').length).toBeGreaterThan(20);
    expect(stored.filter((text) => /catalog\.json|s3:\/\/fleet/.test(text))).toEqual([]);
  });
});

describe('a byte that flips in the bucket while a run is under way', () => {
  let fleet: Fleet;
  let outcome: Outcome;

  beforeAll(async () => {
    fleet = await startFleet(published, 2);
    fleet.startWorker('io');
    const running = run(fleet);
    let picks: Manifest[] = [];
    while (picks.length === 0) {
      await sleep(200);
      picks = await fleet.store.list('pick');
    }
    await flipFirstByte(fleet, (await fleet.store.find(picks[0]!))!, picks[0]!.files[0]!.name);
    // Reads from the bucket what the other host made.
    fleet.startWorker('gpu');
    outcome = await running;
  });

  afterAll(async () => {
    await fleet.stop();
  });

  it('is found, and its artifact made anew in the same run, which ends with the very files of one without', async () => {
    expect(outcome.files).toEqual((await onOneMachine).files);
  });

  it('leaves the manifest of what was damaged aside', async () => {
    const { Contents = [] } = await fleet
      .s3!.client()
      .send(new ListObjectsV2Command({ Bucket: 'fleet', Prefix: 'runs/damaged/' }));
    expect(Contents.map(({ Key }) => Key)).toEqual([expect.stringContaining(outcome.result.pick.key)]);
  });

  it('is told by the run, which began a new history', async () => {
    const { raw } = await fleet.client.workflow.getHandle('run').describe();
    const { firstRunId, execution } = raw.workflowExecutionInfo!;
    expect(firstRunId).not.toBe(execution!.runId);
  });
});

describe('workers with stores in folders of their own', () => {
  it('are told that such a store serves the workers that share its folder', async () => {
    const fleet = await startFleet(published, 0);
    try {
      fleet.startWorker('io');
      fleet.startWorker('gpu', { SERENGETI_STORE: fleet.storeUri.replace(/store\/$/, 'other/') });
      const failure = await run(fleet).catch((error: unknown) => error);
      const causes: unknown[] = [];
      for (let error = failure; error instanceof Error; error = error.cause) causes.push(error);
      expect(causes).toContainEqual(
        expect.objectContaining({
          type: 'ARTIFACT_MISSING',
          message: expect.stringMatching(/\/other\/ on .*; such a store serves the workers that share its folder/),
        }),
      );
    } finally {
      await fleet.stop();
    }
  });
});

async function runOnOneMachine(): Promise<Outcome> {
  const fleet = await startFleet(published, 0);
  try {
    for (const role of ['io', 'gpu'] as const) fleet.startWorker(role);
    return await run(fleet);
  } finally {
    await fleet.stop();
  }
}

async function flipFirstByte({ s3 }: Fleet, { uri }: ArtifactRef<unknown>, name: string): Promise<void> {
  const [, , Bucket = '', ...path] = `${uri}${name}`.split('/');
  const at = { Bucket, Key: path.join('/') };
  const client = s3!.client();
  const content = Buffer.from(await (await client.send(new GetObjectCommand(at))).Body!.transformToByteArray());
  content[0]! ^= 1;
  await client.send(new PutObjectCommand({ ...at, Body: content }));
}

type LostWorker = readonly [worker: Program, how: Cut['how']];

/** Starts a worker for each cut, the next one when the one before has got its work: else it might get none. */
async function startAndLoseWorkers(fleet: Fleet, role: 'io' | 'gpu'): Promise<LostWorker[]> {
  const lost: LostWorker[] = [];
  for (const cut of CUTS[role]) {
    const how = fleet.hasNetwork ? cut.how : 'kill';
    const worker = fleet.startWorker(role, {
      NODE_OPTIONS: `--require ${join(__dirname, 'support', 'dieAt.cjs')}`,
      DIE_AT: JSON.stringify({ ...cut, how }),
    });
    lost.push([worker, how]);
    let ended = false;
    void worker.ended().then(() => {
      ended = true;
    });
    while (!ended && !worker.output.includes(cut.activity)) await sleep(100);
  }
  fleet.startWorker(role);
  return lost;
}

async function expectLost(worker: Program, how: Cut['how']): Promise<void> {
  if (how === 'kill') expect(await worker.ended()).toBe('SIGKILL');
  else expect(worker.output).toContain('The link is down');
}

async function run(fleet: Fleet): Promise<Outcome> {
  const handle = await fleet.client.workflow.start('trainPipeline', {
    taskQueue: IO_TASK_QUEUE,
    workflowId: 'run',
    args: [{ ...REQUEST, catalog: `${fleet.mirror.url}catalog.json` }],
  });
  const result = (await handle.result()) as RunResult;
  return { result, files: await filesOf(fleet, result) };
}

/** Everything that the server stores in base64, in clear; search attributes left out, which are there to be read. */
function payloadsOf(value: unknown, name = ''): string[] {
  if (name === 'searchAttributes') return [];
  if (typeof value === 'string')
    return ['data', 'encoding'].includes(name) ? [Buffer.from(value, 'base64').toString()] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => payloadsOf(child, key));
}

/** Files that say how long something took. */
const TIMED_FILES = ['history.json', 'check.json'];

async function filesOf({ store }: Fleet, result: RunResult): Promise<string[]> {
  const { indexes, pick, backbone, model, validation, submission } = result;
  const manifests = await Promise.all(
    [...indexes, pick, backbone, model, validation, submission].map((ref) => store.manifest<Manifest['summary']>(ref)),
  );
  for (const kind of ['features'] satisfies ArtifactKind[]) manifests.push(...(await store.list(kind)));
  return manifests
    .flatMap(({ kind, files }) =>
      files.filter(({ name }) => !TIMED_FILES.includes(name)).map(({ name, sha256 }) => `${kind}/${name} ${sha256}`),
    )
    .sort();
}
