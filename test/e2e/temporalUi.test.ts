import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import { isToDo, type DryRun } from '../../lib/contracts/plan';
import { projectRoot, serengetiHome } from '../../lib/home';
import { serveFolder, simulateCatalog, type FolderServer } from '../../lib/simulator';
import { startBrowser } from '../browser/support/chromium';
import { startSystem, type System } from './support/system';

const RUN = 'from-the-form';
/** Long enough to watch a download, and to cut it off in the middle. */
const BYTES_PER_SECOND_AND_REQUEST = 25_000;

let mirror: FolderServer;
let system: System;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const folder = join(serengetiHome(), 'test', 'kill');
  await simulateCatalog(folder, { sequences: 40, width: 640, height: 480 });
  mirror = await serveFolder({ directory: folder });
  mirror.setFaults([{ path: /\.zip$/, rate: BYTES_PER_SECOND_AND_REQUEST }]);
  system = await startSystem();
  system.startWorker('io');
  system.startWorker('gpu');
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, timezoneId: 'UTC' });
  page = await context.newPage();
}, 300_000);

afterAll(async () => {
  await browser.close();
  await system.stop();
  await mirror.close();
}, 60_000);

/** Rewrites the pictures of the documentation when asked to: `SERENGETI_PICTURES=1`. */
async function picture(name: string): Promise<void> {
  if (process.env.SERENGETI_PICTURES === undefined) return;
  await page.screenshot({ path: join(projectRoot(), 'docs', 'images', `${name}.png`) });
}

async function open(path: string): Promise<void> {
  await page.goto(`${system.uiUrl}/namespaces/default/workflows${path}`, { waitUntil: 'load' });
}

/** What the page shows, with the frames that it renders Markdown in. */
async function textOfPage(): Promise<string> {
  const texts = await Promise.all(page.frames().map((frame) => frame.evaluate('document.body.innerText')));
  return texts.join('\n');
}

/** The current details of the run, as the UI shows them. */
async function details(): Promise<string> {
  await open(`/${RUN}`);
  await page.getByTestId('user-metadata-tab').click();
  await sleep(1_500);
  return await textOfPage();
}

async function detailsThat(fit: RegExp): Promise<string> {
  for (;;) {
    const text = await details();
    if (fit.test(text)) return text;
  }
}

describe('the Temporal UI', () => {
  it('starts a run by its form', async () => {
    await open('/start-workflow');
    await page.locator('#workflowId').fill(RUN);
    await page.locator('#taskQueue').fill(IO_TASK_QUEUE);
    await page.locator('#workflowType').fill('trainPipeline');
    await page.locator('.cm-content').first().click();
    await page.keyboard.insertText(JSON.stringify({ catalog: `${mirror.url}catalog.json` }));
    await picture('temporal-start');
    await page.getByTestId('start-workflow-button').last().click();
    for (;;) {
      const runs = system.client.workflow.list({ query: `WorkflowId = '${RUN}'` });
      for await (const run of runs) {
        expect(run.type).toBe('trainPipeline');
        return;
      }
      await sleep(200);
    }
  }, 60_000);

  it('shows how each step stands, and how it changes', async () => {
    const first = await detailsThat(/Download seasons\s+▸ running\s+.*of.*%/s);
    await picture('temporal-details');
    expect(first).toMatch(/Read the catalog\s+✔ done/);
    const amount = /Download seasons\s+▸ running\s+([^\n\t]+)/.exec(first)![1];
    const later = await detailsThat(/Download seasons\s+▸ running\s+.*\/s/s);
    expect(/Download seasons\s+▸ running\s+([^\n\t]+)/.exec(later)![1]).not.toBe(amount);
  }, 120_000);

  it('shows a download go on where a killed worker left it', async () => {
    await system.workers.get('io')!.kill();
    system.startWorker('io');
    await detailsThat(/Download seasons\s+▸ running.*were there/s);
    await picture('temporal-resumed');
    const result = (await system.client.workflow.getHandle(RUN).result()) as RunResult;
    expect(mirror.bytesSent(/\.zip$/)).toBeLessThan(1.25 * result.bytes.fetched);
  }, 240_000);

  it('finds runs by their outcome, with their score', async () => {
    await open(`?query=${encodeURIComponent("SerengetiOutcome = 'done'")}`);
    await page.getByText(RUN).first().waitFor();
    await open(`/${RUN}`);
    await page.getByTestId('search-attributes-tab').click();
    await page.getByText('SerengetiScore').first().waitFor();
    await picture('temporal-attributes');
  }, 60_000);
});

describe('a plan after a run', () => {
  it('finds everything there, and what is forced to do', async () => {
    const planned = async (request: object): Promise<string[]> => {
      const { plan } = (await system.client.workflow.execute('trainPipeline', {
        taskQueue: IO_TASK_QUEUE,
        workflowId: `plan-${Object.keys(request).join('-')}`,
        args: [{ catalog: `${mirror.url}catalog.json`, dryRun: true, ...request }],
      })) as DryRun;
      return plan.steps.filter(isToDo).map(({ step }) => step);
    };
    expect(await planned({})).toEqual([]);
    expect(await planned({ training: { epochs: 3 } })).toEqual(['train', 'validate', 'package']);
    expect(await planned({ force: ['features'] })).toEqual(['features', 'train', 'validate', 'package']);
  }, 60_000);

  it('is followed by a run that does what was forced', async () => {
    const result = (await system.client.workflow.execute('trainPipeline', {
      taskQueue: IO_TASK_QUEUE,
      workflowId: 'forced',
      args: [{ catalog: `${mirror.url}catalog.json`, force: ['train'] }],
    })) as RunResult;
    expect(Object.keys(result.stepSeconds)).toEqual(expect.arrayContaining(['train', 'validate', 'package']));
    expect(result.stepSeconds.features).toBeUndefined();
    expect(result.reusedKeys).not.toContain(result.model.key);
    expect(result.frames.reused).toBe(result.frames.seen);
  }, 120_000);
});
