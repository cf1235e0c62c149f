import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Browser, Page } from 'playwright-core';
import type { Catalog } from '../../lib/contracts/catalog';
import type { RetrainRequest, RetrainResult } from '../../lib/contracts/retrain';
import type { RunResult } from '../../lib/contracts/run';
import { serengetiHome } from '../../lib/io/home';
import { Registry } from '../../lib/registry';
import { serveFolder, simulateCatalog, withMirrors, type FolderServer, type Simulation } from '../../simulator';
import { openStore, produce } from '../../lib/store';
import { putSchedule } from '../../runs/schedules';
import { startBrowser } from '../browser/support/chromium';
import { Program } from './support/processes';
import { SMALL_MODEL } from '../support/smallModel';
import { startSystem, type System } from './support/system';
import { openDetails, openShowing, picture, textOfFrames } from './support/temporalUi';

const MINUTES = 60_000;
const SCHEDULE = 'retrain-small';

type RetrainTraining = NonNullable<RetrainRequest['run']>['training'];

/** Learns next to nothing, so that whatever learns is better at every site. */
const HARDLY: RetrainTraining = { head: 'tutorial', epochs: 1, learningRate: 1e-6 };

let system: System;
let browser: Browser;
let page: Page;
let simulation: Simulation;
let mirror: FolderServer;
let catalogFile: string;

beforeAll(async () => {
  const folder = join(serengetiHome(), 'test', 'retrain');
  simulation = await simulateCatalog(folder, { name: 'small', sequences: 40, width: 320, height: 240 });
  mirror = await serveFolder({ directory: folder });
  system = await startSystem();
  catalogFile = join(system.folder, 'catalog.json');
  system.startWorker('io');
  system.startWorker('gpu');
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  // Beside the other tests the machine has much else to do.
  page.setDefaultTimeout(MINUTES);
}, 10 * MINUTES);

afterAll(async () => {
  await browser.close();
  await system.stop();
  await mirror.close();
}, MINUTES);

async function publish(seasons: readonly string[]): Promise<void> {
  const catalog: Catalog = withMirrors(simulation.catalog, mirror.url);
  const published = catalog.seasons.filter(({ id }) => seasons.includes(id));
  await writeFile(
    catalogFile,
    JSON.stringify({ ...catalog, seasons: published, split: { train: ['S1'], validation: ['S2'] } }),
  );
}

async function schedule(training: RetrainTraining): Promise<void> {
  const request: RetrainRequest = {
    catalog: catalogFile,
    settleSeconds: 1,
    run: { model: SMALL_MODEL, training },
  };
  await putSchedule(system.client, SCHEDULE, { every: '365d' }, request);
}

/** Presses the buttons that a person would, and waits for what the schedule started. */
async function triggerInTheUi(): Promise<{ readonly workflowId: string; readonly result: RetrainResult }> {
  const before = (await looks()).length;
  const actions = page
    .getByRole('button', { name: 'Schedule Actions' })
    .or(page.locator('#schedule-actions-menu-button'))
    .first();
  await openShowing(page, `${system.uiUrl}/namespaces/default/schedules/${SCHEDULE}`, actions);
  await actions.click();
  await page.getByRole('menuitem', { name: 'Trigger' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Trigger' }).click();
  let started = await looks();
  while (started.length === before) started = await looks();
  const { workflowId, runId } = started[0]!;
  const result = (await system.client.workflow.getHandle(workflowId, runId).result()) as RetrainResult;
  return { workflowId, result };
}

/** Opens what the UI shows of a look, and waits until it says so; the UI renders Markdown in a frame of its own. */
async function seeDetails(workflowId: string, text: string): Promise<void> {
  await openDetails(page, `${system.uiUrl}/namespaces/default/workflows/${workflowId}`);
  while (!(await textOfFrames(page)).includes(text)) await sleep(100);
}

/** Newest first. */
async function looks(): Promise<WorkflowExecutionInfo[]> {
  const all: WorkflowExecutionInfo[] = [];
  for await (const info of system.client.workflow.list({ query: `TemporalScheduledById = '${SCHEDULE}'` }))
    all.push(info);
  return all.sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
}

describe('a schedule in the Temporal UI', () => {
  it(
    'trains the first champion when it is triggered',
    async () => {
      await publish(['S1', 'S2']);
      await schedule(HARDLY);
      const { result } = await triggerInTheUi();
      expect(result).toMatchObject({ outcome: 'promoted', champion: 'm1', newSeasons: ['S1', 'S2'] });
    },
    10 * MINUTES,
  );

  it(
    'says in the UI that nothing is new when that is so',
    async () => {
      const { workflowId, result } = await triggerInTheUi();
      expect(result.outcome).toBe('nothing new');
      await seeDetails(workflowId, 'm1 knows all 2 seasons of small');
    },
    2 * MINUTES,
  );

  it(
    'takes a new season in: only that is fetched and looked at, and the champion changes',
    async () => {
      await publish(['S1', 'S2', 'S3']);
      await schedule({ head: 'tutorial', epochs: 20 });
      const { workflowId, result } = await triggerInTheUi();
      expect(result).toMatchObject({ outcome: 'promoted', champion: 'm2', newSeasons: ['S3'], waiting: [] });
      const run = (await system.client.workflow.getHandle(result.run!).result()) as RunResult;
      expect(run.trainSeasons).toEqual(['S1', 'S3']);
      const [, , third] = simulation.seasons;
      expect(run.bytes.reused).toBeGreaterThan(0);
      expect(run.bytes.fetched).toBeLessThan(run.bytes.reused);
      expect(run.frames.seen - run.frames.reused).toBeLessThanOrEqual(third!.frames);

      const { models, champions, promotions } = await new Registry(openStore(system.storeUri)).state();
      expect(champions).toEqual({ small: 'm2' });
      expect(promotions[1]).toMatchObject({ model: 'm2', replaced: 'm1', how: 'score' });
      // The held-out season is the same as before, and so is what the former champion scores there.
      const [former] = models;
      expect(promotions[1]?.comparison?.championScore.logLoss).toBe(former!.artifacts.validation.summary.logLoss);
      await seeDetails(workflowId, 'New champion');
      await picture(page, 'new-champion');
    },
    10 * MINUTES,
  );
});

describe('the store afterwards', () => {
  async function command(...parameters: string[]): Promise<string> {
    const program = new Program(parameters, system.environment);
    expect([await program.ended(), program.output]).toEqual([0, expect.any(String)]);
    return program.output;
  }

  it(
    'loses what no model needs when garbage is collected, and nothing else',
    async () => {
      const store = openStore(system.storeUri);
      const { ref } = await produce(store, {
        recipe: { kind: 'archive', step: 'downloadArchive', version: 1, params: { season: 'S9' }, inputs: [] },
        work: () => Promise.resolve({ season: 'S9' }),
      });
      expect(await command('gc', '--older-than', '0s')).toMatch(/archive +1 +0 B +S9/);
      expect(await store.find(ref)).toBeDefined();
      expect(await command('gc', '--older-than', '0s', '--remove')).toContain('Removed');
      expect(await store.find(ref)).toBeUndefined();
      expect(await command('gc', '--older-than', '0s')).toContain('There is nothing to remove.');

      const page = join(system.folder, 'comparison.html');
      expect(await command('models', 'compare', 'm1', 'm2', '--output', page)).toContain('the same held-out frames');
      expect(await command('models', 'list')).toMatch(/^m2 .* champion$/m);
    },
    2 * MINUTES,
  );

  it(
    'and everything else is in order',
    async () => {
      const output = await command('doctor');
      expect(output).toMatch(/^ok {4}registry +2 models; champion m2 of small$/m);
      expect(output.match(/^ok {4}workers +1 worker on the queue/gm)).toHaveLength(3);
    },
    2 * MINUTES,
  );
});
