import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { REPORT_SIGNAL, type Report, type StepView } from '../../lib/contracts/control';
import type { Outcome } from '../../lib/contracts/run';
import { STEPS, type StepName } from '../../lib/contracts/steps';
import { reference, standIns, type Activities } from './support';

/** Sequences of Snapshot Serengeti's seasons as published: S1 to S11. */
const SEQUENCES = [146_269, 202_263, 145_873, 199_474, 309_439, 171_469, 302_563, 357_852, 367_480, 252_015, 187_419];
const SEQUENCES_A_SHARD = 2000;
const SEASONS = SEQUENCES.map((_, i) => `S${i + 1}`);

/** Reports of a run of two weeks: see `activities/watchRun`. */
const REPORTS = 60 + Math.ceil(60 * Math.log((14 * 86_400) / 300));

/** Slow enough that each report wakes the workflow by itself, as it does when minutes lie between them. */
const BETWEEN_REPORTS_MILLISECONDS = 20;

/** Stand-ins for a run on all of Snapshot Serengeti: as many activities, references as long as real ones. */
export function elevenSeasons(): Activities {
  const { trainHead } = standIns();
  let allReported = (): void => undefined;
  const reported = new Promise<void>((resolve) => {
    allReported = resolve;
  });
  return realistic(
    standIns({
      readCatalog: () =>
        Promise.resolve({
          ref: reference('catalog', 'catalog', {
            name: 'snapshot-serengeti',
            seasons: SEASONS.length,
            classes: 54,
            trainSeasons: SEASONS.slice(0, -1),
            validationSeasons: SEASONS.slice(-1),
            sources: Object.fromEntries(SEASONS.map((season) => [season, season.padEnd(12, '0')])),
          }),
          reused: false,
        }),
      pickFrames: () =>
        Promise.resolve({
          ref: reference('pick', 'pick', {
            trainSequences: 2_454_697,
            trainFrames: 6_634_375,
            validationSequences: 187_419,
            validationFrames: 497_050,
            keptEmpties: 1,
            sharedSites: 125,
            shards: SEASONS.map((season, i) => ({
              season,
              shards: Math.round(SEQUENCES[i]! / SEQUENCES_A_SHARD),
              frames: Math.round(2.7 * SEQUENCES[i]!),
            })),
          }),
          reused: false,
        }),
      watchRun: async () => {
        await reportForTwoWeeks();
        allReported();
        await untilCancelled();
      },
      trainHead: async (input) => {
        const { heartbeat } = Context.current();
        const beat = setInterval(() => heartbeat(), 1000);
        await reported;
        clearInterval(beat);
        return await trainHead(input);
      },
    }),
  );
}

/** Sends what the watcher sends in two weeks. */
async function reportForTwoWeeks(): Promise<void> {
  const { client, info, heartbeat } = Context.current();
  const handle = client.workflow.getHandle(info.workflowExecution!.workflowId);
  for (let i = 0; i < REPORTS; i++) {
    await handle.signal(REPORT_SIGNAL, reportAt(i / REPORTS));
    await sleep(BETWEEN_REPORTS_MILLISECONDS);
    heartbeat();
  }
}

async function untilCancelled(): Promise<void> {
  const { cancelled, heartbeat } = Context.current();
  const beat = setInterval(() => heartbeat(), 100);
  try {
    await cancelled;
  } finally {
    clearInterval(beat);
  }
}

function reportAt(share: number): Report {
  const running = ['download', 'unzip', 'features'] satisfies StepName[];
  const steps = running.map((name): StepView => {
    const total = 5_442_000_000_000;
    return {
      name,
      status: 'running',
      unit: name === 'download' ? 'bytes' : 'frames',
      done: Math.round(share * total),
      total,
      resumed: 395_143_000_000,
      parts: 3,
      reusedParts: 1,
      perSecond: 4_500_000.5,
      note: `${STEPS[name].title} of SnapshotSerengeti_S08_v2_0_part1.zip from azure, gcp and aws`,
      troubles: ['S08_v2_0_part1.zip: the mirror gcp sent no byte for 30 s; tried again'],
      startedAt: 1_700_000_000_000,
    };
  });
  return { first: share === 0, steps, ended: [], waiting: [], settled: [] };
}

/** Keys and addresses as long as the store's. */
function realistic(activities: Activities): Activities {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (...args: unknown[]) => {
        const answer = await (activity as (...all: unknown[]) => Promise<unknown>)(...args);
        return isOutcome(answer) ? { ...answer, ref: lengthened(answer.ref) } : answer;
      },
    ]),
  ) as Activities;
}

function isOutcome(answer: unknown): answer is Outcome {
  return typeof answer === 'object' && answer !== null && 'ref' in answer;
}

function lengthened(ref: Outcome['ref']): Outcome['ref'] {
  const key = createHash('sha256').update(ref.key).digest('hex');
  return { ...ref, key, uri: `file:///srv/camera-traps/serengeti/store/artifacts/${ref.kind}/${key}/`, bytes: 5.4e11 };
}
