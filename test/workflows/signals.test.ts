import fc from 'fast-check';
import { bandwidthSchema, REPORT_SIGNAL, SIGNALS, UPDATES, type Standing } from '../../lib/contracts/control';
import { PROGRESS_QUERY, type RunProgress } from '../../lib/contracts/run';
import { Holding } from './scenarios';
import { standIns, startRun, testServer, withWorkers } from './support';
import { until } from '../support/waiting';

const environment = testServer();

/** Anything that JSON can say, also under names that our signals have. More with `SERENGETI_FUZZ_RUNS=1000`. */
const NAMES = ['bytesPerSecond', 'steps', 'running', 'waiting', 'step', 'part', 'constructor', '__proto__'] as const;
const ANYTHING = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...NAMES), fc.jsonValue(), { maxKeys: 4 }));
const RANDOM = fc.sample(fc.array(ANYTHING, { maxLength: 3 }), {
  numRuns: Number(process.env.SERENGETI_FUZZ_RUNS ?? 20),
  seed: Number(process.env.SERENGETI_FUZZ_SEED ?? 1),
});

const WRONG: readonly (readonly unknown[])[] = [
  [],
  ['20MB'],
  [null],
  [{ bytesPerSecond: 0 }],
  [{ bytesPerSecond: -5 }],
  ...RANDOM.filter(([argument]) => !bandwidthSchema.safeParse(argument).success),
];

describe('a signal with an argument that makes no sense', () => {
  it('has no effect, in the run and in its children', async () => {
    const { downloadArchive } = standIns();
    const held = new Holding(2);
    const activities = standIns({ downloadArchive: held.before(downloadArchive) });
    await withWorkers(environment(), activities, async () => {
      const { client } = environment();
      const run = await startRun(environment());
      await held.allHeld();
      const { children } = await run.query<RunProgress>(PROGRESS_QUERY);
      for (const workflow of [run, ...children.map((id) => client.workflow.getHandle(id))]) {
        for (const args of WRONG) await workflow.signal(SIGNALS.setBandwidth, ...args);
      }
      for (const args of [...WRONG, [{ steps: 'all' }]]) await run.signal(REPORT_SIGNAL, ...args);
      const standing = await run.executeUpdate<Standing, [object]>(UPDATES.setBandwidth, {
        args: [{ bytesPerSecond: 1_000_000 }],
      });
      expect(standing.bytesPerSecond).toBe(1_000_000);
      await run.result();
      await until(() => held.begun === 4);
      const { events } = await run.fetchHistory();
      expect(events!.filter((event) => event.workflowTaskFailedEventAttributes != null)).toEqual([]);
    });
    expect(held.begun).toBe(4);
  });
});
