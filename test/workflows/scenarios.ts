import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { UPDATES } from '../../lib/contracts/control';
import { PROGRESS_QUERY, type RunProgress } from '../../lib/contracts/run';
import type { RegisteredModel } from '../../lib/contracts/registry';
import type { RetrainRequest } from '../../lib/contracts/retrain';
import type { RunRequest } from '../../lib/contracts/runInput';
import { FullDisk } from './fullDisk';
import { standIns, type Activities } from './support';
import { until } from '../support/waiting';

/** A way that runs go, to record and replay the histories of. */
export interface Scenario {
  readonly name: string;
  readonly workflow: 'trainPipeline' | 'retrainOnNewSeasons';
  readonly request: RunRequest | RetrainRequest;
  readonly activities: Activities;
  /** What people do meanwhile. */
  steer(handle: WorkflowHandle): Promise<void>;
}

/** The ways that matter: each command path of the workflows occurs in one of them. */
export function scenarios(): Scenario[] {
  return [
    undisturbed('plain', {}),
    undisturbed('planned', { dryRun: true }),
    undisturbed('forced', { force: ['index'], frameSource: 'mirrors' }),
    pausedAndResumed(),
    repaired(),
    cancelled(),
    retrained(),
    undisturbed('nothing-new', {}, 'retrainOnNewSeasons'),
  ];
}

function undisturbed(
  name: string,
  request: Scenario['request'],
  workflow: Scenario['workflow'] = 'trainPipeline',
  activities = standIns(),
): Scenario {
  return { name, workflow, request, activities, steer: async () => undefined };
}

/** A new season, and a champion with another backbone, which has to look at the held-out frames anew. */
function retrained(): Scenario {
  const { registerModel, listArchives } = standIns();
  let challenger: RegisteredModel | undefined;
  const activities = standIns({
    surveySeasons: () =>
      Promise.resolve({ catalog: 'stand-in', seasons: ['S0', 'S1', 'S2'], known: ['S0', 'S2'], champion: 'm1' }),
    planRetraining: () => Promise.resolve({ request: { seed: 5 } }),
    registerModel: async (input) => {
      const { run, result } = input;
      const { trainSeasons, validationSeasons } = result;
      challenger = {
        ...{ name: 'm2', registeredAt: '2026-01-01T00:00:00Z', catalog: 'stand-in', versions: {} },
        ...{ run, input: result.input, trainSeasons, validationSeasons, artifacts: result },
      };
      await registerModel(input);
      return 'm2';
    },
    pairChallenger: () => {
      const backbone = { ...challenger!.artifacts.backbone, key: 'd'.repeat(64) };
      const champion = { ...challenger!, name: 'm1', artifacts: { ...challenger!.artifacts, backbone } };
      return Promise.resolve({ challenger: challenger!, champion });
    },
    heldOutFrames: async () => [(await listArchives({ catalog: challenger!.artifacts.catalog, season: 'S2' })).ref],
    settleChallenger: () =>
      Promise.resolve({
        ...{ at: '2026-01-01T00:00:00Z', catalog: 'stand-in', model: 'm2', replaced: 'm1', how: 'score' },
        reason: 'Better.',
      }),
  });
  return undisturbed('retrained', { settleSeconds: 1 }, 'retrainOnNewSeasons', activities);
}

function pausedAndResumed(): Scenario {
  const { downloadArchive, trainHead } = standIns();
  const downloads = new Holding(2);
  const training = new Holding(1);
  return {
    name: 'paused',
    workflow: 'trainPipeline',
    request: { seed: 2 },
    activities: standIns({
      downloadArchive: downloads.before(downloadArchive),
      trainHead: training.before(trainHead),
    }),
    steer: async (handle) => {
      await downloads.allHeld();
      await handle.executeUpdate(UPDATES.setBandwidth, { args: [{ bytesPerSecond: 1_000_000 }] });
      await training.allHeld();
      await handle.executeUpdate(UPDATES.pause);
      await handle.executeUpdate(UPDATES.resume);
    },
  };
}

/** A disk is full, first for a season and then for the run itself; the first retry comes too early. */
function repaired(): Scenario {
  const { unzipSeason, indexSeason } = standIns();
  const [archives, tables] = [new FullDisk(), new FullDisk()];
  const unzipWithRoom = archives.under(unzipSeason);
  return {
    name: 'repaired',
    workflow: 'trainPipeline',
    request: { seed: 3 },
    activities: standIns({
      unzipSeason: (input) => (input.archive.summary.season === 'S1' ? unzipWithRoom(input) : unzipSeason(input)),
      indexSeason: tables.under(indexSeason),
    }),
    steer: async (handle) => {
      await until(async () => (await failuresOf(handle)).includes(1));
      await handle.executeUpdate(UPDATES.retry);
      await until(async () => (await failuresOf(handle)).includes(2));
      archives.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
      await until(async () => (await waitingIn(handle)).length === 2);
      tables.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
    },
  };
}

async function waitingIn(handle: WorkflowHandle): Promise<RunProgress['waiting']> {
  return (await handle.query<RunProgress>(PROGRESS_QUERY)).waiting;
}

/** How often what waits in the children of a run has failed. */
async function failuresOf(handle: WorkflowHandle): Promise<number[]> {
  const { children } = await handle.query<RunProgress>(PROGRESS_QUERY);
  const waiting = await Promise.all(
    children.map((id) =>
      waitingIn(handle.client.getHandle(id)).catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // it has only just been named
        return [];
      }),
    ),
  );
  return waiting.flat().map(({ failures }) => failures);
}

function cancelled(): Scenario {
  const held = new Holding(2);
  const { downloadArchive } = standIns();
  return {
    name: 'cancelled',
    workflow: 'trainPipeline',
    request: { seed: 4 },
    activities: standIns({
      downloadArchive: held.before(downloadArchive),
    }),
    steer: async (handle) => {
      await held.allHeld();
      await handle.cancel();
    },
  };
}

/** Holds activities until they are cancelled, the first `times` times that one is called. */
export class Holding {
  begun = 0;
  ended = 0;

  constructor(readonly times: number) {}

  /** Waits until the calling activity is cancelled; later calls pass. */
  async hold(): Promise<void> {
    this.begun += 1;
    if (this.begun > this.times) return;
    const { cancelled: cancellation } = Context.current();
    const beat = setInterval(() => Context.current().heartbeat(), 100);
    try {
      await cancellation;
    } finally {
      clearInterval(beat);
      this.ended += 1;
    }
  }

  /** The activity, held before its work. */
  before<A extends unknown[], R>(activity: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      await this.hold();
      return await activity(...args);
    };
  }

  /** Resolves when as many are held as there should be. */
  async allHeld(): Promise<void> {
    while (this.begun < this.times) await sleep(20);
  }
}

/** Holds activities until it is opened. */
export class Gate {
  held = 0;
  readonly #opened: Promise<void>;
  open: () => void = () => undefined;

  constructor() {
    this.#opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  /** The activity, held before its work; it ends early when it is cancelled. */
  before<A extends unknown[], R>(activity: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      this.held += 1;
      const { cancelled: cancellation, heartbeat } = Context.current();
      const beat = setInterval(() => heartbeat(), 100);
      try {
        await Promise.race([this.#opened, cancellation]);
      } finally {
        clearInterval(beat);
      }
      return await activity(...args);
    };
  }
}
