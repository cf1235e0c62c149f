import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { serengetiHome } from '../../lib/io/home';
import { serveFolder, simulateCatalog, type Fault, type FolderServer } from '../../simulator';
import { startBrowser } from '../browser/support/chromium';
import { SMALL_MODEL } from '../support/smallModel';
import { startSystem, type System } from './support/system';
import { openDetails, openShowing, picture, seen, textOfFrames } from './support/temporalUi';

const MINUTES = 60_000;
const RUN = 'from-the-form';
const ARCHIVES = /S0\d_v2_0\.zip$/;

/** A third of the archives' blocks come at once; the others take minutes, so that a kill meets a download half done. */
const SLOW_AFTER_A_THIRD: Fault = { path: ARCHIVES, after: 12, rate: 20_000 };

let mirror: FolderServer;
let system: System;
let browser: Browser;
let page: Page;
/** Percentage of the downloads that were there when they went on after a kill. */
let resumedAt: number;

beforeAll(async () => {
  const folder = join(serengetiHome(), 'test', 'temporal-ui');
  await simulateCatalog(folder, { seasons: ['S1', 'S2'], sequences: 600, width: 640, height: 480, sharedPool: 60 });
  mirror = await serveFolder({ directory: folder });
  mirror.setFaults([SLOW_AFTER_A_THIRD]);
  system = await startSystem();
  system.startWorker('io');
  system.startWorker('gpu');
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, timezoneId: 'UTC' });
  // Beside the other tests the machine has much else to do.
  context.setDefaultTimeout(MINUTES);
  page = await context.newPage();
}, 10 * MINUTES);

afterAll(async () => {
  await browser.close();
  await system.stop();
  await mirror.close();
}, MINUTES);

function request(): RunRequest {
  return {
    catalog: `${mirror.url}catalog.json`,
    frameSource: 'archives',
    model: SMALL_MODEL,
    frames: { maxTrain: 40, maxValidation: 40 },
    training: { head: 'tutorial', epochs: 5 },
  };
}

function workflowsUrl(path: string): string {
  return `${system.uiUrl}/namespaces/default/workflows${path}`;
}

async function open(path: string, wanted: Locator): Promise<void> {
  await openShowing(page, workflowsUrl(path), wanted);
}

/** Fills the form in as a person would, and presses its button. */
async function startByForm(workflowId: string, input: object, pictured?: string): Promise<void> {
  await open('/start-workflow', page.locator('#workflowId'));
  await page.locator('#workflowId').fill(workflowId);
  await page.locator('#taskQueue').fill(IO_TASK_QUEUE);
  await page.locator('#workflowType').fill('trainPipeline');
  await page.locator('.cm-content').first().click();
  await page.keyboard.insertText(JSON.stringify(input));
  // Leaving the field sets the JSON out in lines, which moves the button.
  await page.getByRole('heading', { name: 'Start Workflow' }).click();
  await page.getByText(`"${Object.keys(input)[0]}": `).waitFor();
  if (pictured !== undefined) await picture(page, pictured);
  await seen(page.getByTestId('start-workflow-button')).click();
  await page.getByRole('link', { name: 'Workflow started successfully' }).click();
  await page.getByTestId('workflow-id-heading').filter({ hasText: workflowId, visible: true }).first().waitFor();
}

/** Opens the run's current details and asks for them anew until they are as wanted. */
async function detailsThat(fit: RegExp, run = RUN): Promise<string> {
  await openDetails(page, workflowsUrl(`/${run}`));
  for (;;) {
    const text = await textOfFrames(page);
    if (fit.test(text)) return text;
    // The UI renews them only when this key is pressed.
    await page.keyboard.press('r');
    await sleep(1_000);
  }
}

/** What the details say of the downloads: megabytes, the percentage, and the one at which they went on. */
function downloadIn(details: string): {
  readonly amount: number;
  readonly percent: number;
  readonly resumedAt: number;
} {
  const [, amount = '0', percent = '0', , resumedAt = '0'] =
    /Download seasons\s+running\s+([\d.]+) MB of [\d.]+ MB(?: \((\d+) %\))?(.*?resumed at (\d+) %)?/.exec(details) ??
    [];
  return { amount: Number(amount), percent: Number(percent), resumedAt: Number(resumedAt) };
}

async function act(item: string): Promise<void> {
  const actions = seen(page.getByRole('button', { name: 'More Actions' }));
  await open(`/${RUN}`, actions);
  await actions.click();
  await seen(page.getByTestId(item)).click();
}

/** Sends an update by the UI's dialog, which lists them with what they do. */
async function sendUpdate(name: string): Promise<void> {
  await act('update-button');
  await seen(page.getByTestId('update-select-button')).click();
  await seen(page.getByRole('option', { name })).click();
  const dialog = seen(page.getByTestId('update-confirmation-modal'));
  await dialog.getByTestId('confirm-modal-button').click();
  // It stays until the run has answered.
  await dialog.waitFor({ state: 'hidden', timeout: 2 * MINUTES });
}

describe('the Temporal UI', () => {
  it(
    'shows at once what is wrong with an input, every problem in words',
    async () => {
      await startByForm('wrong', { catalogue: 'sample', training: { head: 'tutorial', epochs: 0 } });
      await seen(page.getByTestId('execution-status').filter({ hasText: /failed/i })).waitFor();
      for (const problem of ['training.epochs: ', '(root): unknown']) {
        await page.getByText(problem).filter({ visible: true }).first().waitFor();
      }
      const details = await detailsThat(/nothing was started/, 'wrong');
      expect(details).toMatch(/The run input has 2 problems.*training\.epochs.*catalogue/s);
    },
    2 * MINUTES,
  );

  it(
    'starts a run by its form',
    async () => {
      await startByForm(RUN, request(), 'temporal-start');
      const { type, status } = await system.client.workflow.getHandle(RUN).describe();
      expect([type, status.name]).toEqual(['trainPipeline', 'RUNNING']);
    },
    2 * MINUTES,
  );

  it(
    'shows how each step stands, and how it changes',
    async () => {
      const first = await detailsThat(/Download seasons\s+running\s+[\d.]+ MB of [\d.]+ MB \(\d+ %\), .*\/s, .* left/);
      await picture(page, 'temporal-details');
      expect(first).toMatch(/Read the catalog\s+done/);
      expect(first).toMatch(/Unzip\s+waiting/);
      const { amount } = downloadIn(first);
      let later = first;
      while (downloadIn(later).amount <= amount) later = await detailsThat(/Download seasons\s+running\s+[\d.]+ MB of/);
      expect(downloadIn(later).amount).toBeGreaterThan(amount);
    },
    3 * MINUTES,
  );

  it(
    'shows a download go on where a killed worker left it',
    async () => {
      // The mirror is slow after a third.
      let before = '';
      while (downloadIn(before).percent < 20) before = await detailsThat(/Download seasons\s+running\s+[\d.]+ MB of/);
      await system.workers.get('io')!.kill();
      system.startWorker('io');
      // Seasons report one after the other: the first of them may not have been begun.
      const details = await detailsThat(/Download seasons\s+running\s+.*resumed at [1-9]\d* %/);
      await picture(page, 'temporal-resumed');
      resumedAt = downloadIn(details).resumedAt;
      expect(resumedAt).toBeGreaterThan(0);
    },
    3 * MINUTES,
  );

  it(
    'resets a run, which goes on with the downloads under way',
    async () => {
      const before = await system.client.workflow.getHandle(RUN).describe();
      await act('reset-button');
      await seen(page.getByTestId('workflow-reset-event-id-select-button')).click();
      await seen(page.getByRole('option', { name: /^4 - WorkflowTaskCompleted/ })).click();
      await seen(page.getByTestId('reset-confirmation-modal')).getByTestId('confirm-modal-button').click();
      let after = before;
      while (after.runId === before.runId) after = await system.client.workflow.getHandle(RUN).describe();
      const details = await detailsThat(/Download seasons\s+running\s+[\d.]+ MB of/, `${RUN}/${after.runId}`);
      expect(downloadIn(details).resumedAt).toBeGreaterThanOrEqual(resumedAt);
    },
    3 * MINUTES,
  );

  it(
    'pauses a run and lets it go on',
    async () => {
      await sendUpdate('pause');
      await detailsThat(/Paused\. Nothing is running/);
      mirror.setFaults([]);
      await sendUpdate('resume');
      const result = (await system.client.workflow.getHandle(RUN).result()) as RunResult;
      // A kill, a reset and a pause cost no more than the blocks that were under way.
      const archives = result.bytes.fetched + result.bytes.reused;
      expect(mirror.bytesSent(ARCHIVES)).toBeLessThan(1.25 * archives);
      expect(await detailsThat(/Done\./)).toMatch(/Log loss 0\.\d+ on \d+ sequences of S2.*report\.html/s);
    },
    5 * MINUTES,
  );

  it(
    'finds runs by their outcome, with their score',
    async () => {
      const query = encodeURIComponent("SerengetiOutcome = 'done'");
      await open(`?query=${query}`, seen(page.getByRole('link', { name: RUN })));
      const tab = page.getByTestId('search-attributes-tab');
      await open(`/${RUN}`, tab);
      await tab.click();
      await page.getByText('SerengetiScore').filter({ visible: true }).first().waitFor();
      await picture(page, 'temporal-attributes');
    },
    2 * MINUTES,
  );

  it(
    'starts a run anew that fetches no byte of an archive again',
    async () => {
      mirror.forget();
      await startByForm('again', request());
      const result = (await system.client.workflow.getHandle('again').result()) as RunResult;
      expect([result.bytes.fetched, mirror.bytesSent(ARCHIVES)]).toEqual([0, 0]);
      expect(await detailsThat(/Done\./, 'again')).toMatch(/Download seasons\s+there already/);
    },
    3 * MINUTES,
  );
});
