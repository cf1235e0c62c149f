import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { WORKFLOWS } from './support';

const FOLDER = join(__dirname, 'histories');

const { History } = temporal.api.history.v1;
type History = temporal.api.history.v1.History;

interface Recorded {
  readonly name: string;
  readonly history: History;
}

/** Histories of every version, as they were recorded. */
const RECORDED = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bin.gz'))
  .sort()
  .map((name): Recorded => ({ name, history: read(name) }));

function read(name: string): History {
  return History.decode(gunzipSync(readFileSync(join(FOLDER, name))));
}

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

function typesIn({ history }: Recorded): string[] {
  return history.events.flatMap((event) => event.workflowExecutionStartedEventAttributes?.workflowType?.name ?? []);
}

describe('workflows that an earlier version began', () => {
  it('are of every kind', () => {
    expect([...new Set(RECORDED.flatMap(typesIn))].sort()).toEqual([
      'featurizeSeason',
      'ingestSeason',
      'retrainOnNewSeasons',
      'trainPipeline',
    ]);
  });

  it.each(RECORDED)('go on as they were: $name', async ({ name, history }) => {
    // A retraining names its run after itself.
    const workflowId = basename(name).replace(/-\d+\.bin\.gz$/, '');
    await Worker.runReplayHistory({ workflowBundle: WORKFLOWS }, history, workflowId);
  });

  it('are told apart from others: an altered history is noticed', async () => {
    const altered = read('v0.1.0/plain-0.bin.gz');
    for (const { activityTaskScheduledEventAttributes: scheduled } of altered.events) {
      if (scheduled?.activityType?.name === 'pickFrames') scheduled.activityType.name = 'pickSomething';
    }
    await expect(Worker.runReplayHistory({ workflowBundle: WORKFLOWS }, altered)).rejects.toThrow(/pickFrames/);
  });
});
