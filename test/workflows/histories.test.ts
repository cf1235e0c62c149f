import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';

const FOLDER = join(__dirname, 'histories');

interface Recorded {
  readonly name: string;
  readonly history: { readonly events: readonly Record<string, object>[] };
}

/** Histories of every version, as they were recorded. */
const RECORDED = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json.gz'))
  .sort()
  .map((name): Recorded => ({ name, history: JSON.parse(gunzipSync(readFileSync(join(FOLDER, name))).toString()) }));

let workflowBundle: WorkflowBundle;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../workflows'),
    logger: new DefaultLogger('ERROR'),
  });
}, 60_000);

function typesIn({ history }: Recorded): string[] {
  return history.events.flatMap((event) => {
    const started = event.workflowExecutionStartedEventAttributes as { workflowType?: { name: string } } | undefined;
    return started?.workflowType?.name ?? [];
  });
}

describe('workflows that an earlier version began', () => {
  it('are of every kind', () => {
    expect([...new Set(RECORDED.flatMap(typesIn))].sort()).toEqual([
      'featurizeSeason',
      'ingestSeason',
      'trainPipeline',
    ]);
  });

  it.each(RECORDED)('go on as they were: $name', async ({ history }) => {
    await Worker.runReplayHistory({ workflowBundle }, history);
  });

  it('are told apart from others: an altered history is noticed', async () => {
    const { history } = RECORDED.find((recorded) => typesIn(recorded).includes('trainPipeline'))!;
    const altered = JSON.parse(JSON.stringify(history).replaceAll('"pickFrames"', '"pickSomething"'));
    await expect(Worker.runReplayHistory({ workflowBundle }, altered)).rejects.toThrow(/pickFrames/);
  });
});
