import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactKind, ArtifactRef, Manifest } from '../../lib/contracts/artifact';
import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { serveFolder, type Fault } from '../../simulator';
import { openStore } from '../../lib/store';
import { SMALL_MODEL } from '../support/smallModel';
import { smallSeasons } from './support/smallSeasons';
import { startSystem, type System, type WorkerRole } from './support/system';

/** Enough epochs and frames for the work to be cut off in the middle of it. */
const REQUEST: RunRequest = {
  model: SMALL_MODEL,
  training: { head: 'tutorial', epochs: 60 },
  frames: { perSequence: 'all', keepEmpties: 1 },
};

/** The first downloads of a season take seconds, so that a kill meets one half done; later ones hurry. */
const SLOW_LINK: Fault = { path: /S02_v2_0\.zip$/, rate: 250_000, times: 4 };

/** A step, the worker that does it, and the line of its log at which that worker dies: at the start, or in the middle. */
const CUTS: readonly {
  readonly step: string;
  readonly activity: string;
  readonly role: WorkerRole;
  readonly message: 'Started' | 'Progress';
}[] = [
  { step: 'download', activity: 'downloadArchive', role: 'io', message: 'Progress' },
  { step: 'unzip', activity: 'unzipSeason', role: 'io', message: 'Started' },
  { step: 'index', activity: 'indexSeason', role: 'io', message: 'Started' },
  { step: 'pick', activity: 'pickFrames', role: 'io', message: 'Started' },
  { step: 'features', activity: 'extractFeatures', role: 'gpu', message: 'Progress' },
  { step: 'train', activity: 'trainHead', role: 'gpu', message: 'Progress' },
  { step: 'validate', activity: 'validateModel', role: 'gpu', message: 'Started' },
  { step: 'package', activity: 'packageSubmission', role: 'io', message: 'Started' },
];

/** `SERENGETI_KILL_ROUNDS=20` kills twenty runs one after the other. */
const ROUNDS = Number(process.env.SERENGETI_KILL_ROUNDS ?? 1);

/** What a run left behind: where it came from, and the digest of every file of every result. */
interface Outcome {
  readonly result: RunResult;
  readonly digests: Readonly<Record<string, string>>;
  /** Attempts of each killed activity, by its type. */
  readonly attempts: ReadonlyMap<string, number>;
  readonly drafts: readonly string[];
  readonly bytesSent: number;
}

let published: string;
/** Under way beside the first run whose workers are killed, which waits most of its time. */
let undisturbedRun: Promise<Outcome>;

beforeAll(async () => {
  published = await smallSeasons();
  undisturbedRun = runOnce(startWorker);
  undisturbedRun.catch(() => undefined); // reported where it is awaited
});

describe.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))('a run whose workers are killed (%d)', () => {
  let killed: Outcome;
  let undisturbed: Outcome;

  beforeAll(async () => {
    killed = await runOnce(startAndKillWorkers, [SLOW_LINK]);
    undisturbed = await undisturbedRun;
  });

  it.each(CUTS)('goes on where it was after a kill -9 during $step', ({ activity }) => {
    expect(killed.attempts.get(activity)).toBeGreaterThanOrEqual(2);
  });

  it('ends with the very files of an undisturbed run', () => {
    expect(Object.keys(killed.digests).length).toBeGreaterThan(20);
    expect(killed.digests).toEqual(undisturbed.digests);
  });

  it('ends with the same scores', () => {
    expect(killed.result.validation.summary).toEqual(undisturbed.result.validation.summary);
    expect(killed.result.submission.summary.sha256).toBe(undisturbed.result.submission.summary.sha256);
  });

  // These archives are shorter than a block, which a download writes down at a time: a kill costs what is under way of them.
  it('fetches no more than once again', () => {
    expect(killed.bytesSent).toBeLessThan(2 * undisturbed.bytesSent);
  });

  it('leaves no draft behind', () => {
    expect(killed.drafts).toEqual([]);
  });
});

async function runOnce(
  startWorkers: (system: System, role: WorkerRole) => Promise<void>,
  faults: readonly Fault[] = [],
): Promise<Outcome> {
  const mirror = await serveFolder({ directory: published, faults });
  const system = await startSystem();
  try {
    const workers = Promise.all((['io', 'gpu'] as const).map((role) => startWorkers(system, role)));
    const handle = await system.client.workflow.start('trainPipeline', {
      taskQueue: IO_TASK_QUEUE,
      workflowId: 'run',
      args: [{ ...REQUEST, catalog: `${mirror.url}catalog.json` }],
    });
    await workers;
    const result = (await handle.result()) as RunResult;
    return {
      result,
      digests: await digestsOf(system, result),
      attempts: await attemptsOf(system),
      drafts: await draftsOf(system),
      bytesSent: mirror.bytesSent(),
    };
  } finally {
    await system.stop();
    await mirror.close();
  }
}

function startWorker(system: System, role: WorkerRole): Promise<void> {
  system.startWorker(role);
  return Promise.resolve();
}

/** Starts a worker that dies at the first cut, then the next, until one is left to finish the work. */
async function startAndKillWorkers(system: System, role: WorkerRole): Promise<void> {
  for (const cut of CUTS.filter((candidate) => candidate.role === role)) {
    const worker = system.startWorker(role, {
      NODE_OPTIONS: `--require ${join(__dirname, 'support', 'dieAt.cjs')}`,
      DIE_AT: JSON.stringify(cut),
    });
    const ending = await worker.ended();
    if (ending !== 'SIGKILL') throw new Error(`The worker ended with ${ending} before ${cut.step}.\n${worker.output}`);
  }
  system.startWorker(role);
}

/** Files that say how long something took. */
const TIMED_FILES = ['history.json', 'check.json'];

/** SHA-256 of every file of the results, those with times in them left out. */
async function digestsOf(system: System, result: RunResult): Promise<Record<string, string>> {
  const store = openStore(system.storeUri);
  const { indexes, pick, backbone, model, validation, submission } = result;
  const digests: Record<string, string> = {};
  const add = ({ kind, key }: Pick<ArtifactRef<object>, 'kind' | 'key'>, { files }: Manifest): void => {
    for (const { name, sha256 } of files) {
      if (!TIMED_FILES.includes(name) && sha256 !== undefined) digests[`${kind}/${key}/${name}`] = sha256;
    }
  };
  for (const ref of [...indexes, pick, backbone, model, validation, submission]) add(ref, await store.manifest(ref));
  for (const kind of ['frames', 'features'] satisfies ArtifactKind[]) {
    for (const manifest of await store.list(kind)) add(manifest, manifest);
  }
  return digests;
}

async function attemptsOf({ client }: System): Promise<Map<string, number>> {
  const attempts = new Map<string, number>();
  for await (const { workflowId } of client.workflow.list()) {
    const { events = [] } = await client.workflow.getHandle(workflowId).fetchHistory();
    const types = new Map(
      events!.flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled == null ? [] : [[String(eventId), scheduled.activityType?.name ?? '']],
      ),
    );
    for (const { activityTaskStartedEventAttributes: started } of events!) {
      if (started == null) continue;
      const type = types.get(String(started.scheduledEventId)) ?? '';
      attempts.set(type, Math.max(attempts.get(type) ?? 0, started.attempt ?? 0));
    }
  }
  return attempts;
}

async function draftsOf({ folder }: System): Promise<string[]> {
  const drafts = join(folder, 'store', 'drafts');
  const kinds = await readdir(drafts);
  return (
    await Promise.all(kinds.map(async (kind) => (await readdir(join(drafts, kind))).map((key) => `${kind}/${key}`)))
  ).flat();
}
