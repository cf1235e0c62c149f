import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { openStore, type ArtifactStore } from '../../lib/store';
import { HOSTILE, leaveRun, pageServers } from '../server/support';
import { startBrowser } from './support/chromium';
import { isHarmed, neededWidth } from './support/page';

const serve = pageServers();
let browser: Browser;
let folder: string;
let store: ArtifactStore;

beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'serengeti-site-'));
  store = openStore(pathToFileURL(`${folder}/`).href);
  await leaveRun(store, 'a');
  await leaveRun(store, 'b', HOSTILE);
  await leaveRun(store, HOSTILE, HOSTILE);
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const TOKEN = 'a-token-of-24-characters';
const RUN = {
  workflowId: HOSTILE,
  runId: 'x',
  startedAt: new Date('2100-01-01'),
  state: 'running',
  stage: HOSTILE,
  score: 0.01,
  uiUrl: `http://127.0.0.1:1/namespaces/default/workflows/${encodeURIComponent(HOSTILE)}`,
};

describe('the pages over a store, in a browser', () => {
  test('show hostile names as text, complain of nothing, fit a phone', async () => {
    const url = await serve({ store, runs: () => Promise.resolve([RUN]), uiUrl: 'http://127.0.0.1:1', token: TOKEN });
    const context = await browser.newContext({ httpCredentials: { username: 'anybody', password: TOKEN } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    try {
      for (const path of ['/', '/models', '/models/m2', '/models/m3', '/results', '/seasons', '/history']) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(url + path);
        expect([path, await isHarmed(page)]).toEqual([path, false]);
        expect(await page.locator('.places a[aria-current]').count()).toBe(1);
        await page.setViewportSize({ width: 380, height: 800 });
        expect([path, (await neededWidth(page)) <= 380]).toEqual([path, true]);
      }
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test('lead from a run to its report, which has an origin of its own, and sort their tables', async () => {
    const url = await serve({ store });
    const context = await browser.newContext();
    const page = await context.newPage();
    try {
      await page.goto(url);
      const names = async (): Promise<string[]> => await page.locator('#runs tbody th').allTextContents();
      await page.locator('#runs thead button', { hasText: 'Run' }).click();
      expect((await names()).map((name) => name.trim())).toEqual([`run-${HOSTILE}`, 'run-a', 'run-b']);
      await page.locator('#runs tbody tr', { hasText: 'run-a' }).locator('a', { hasText: 'Report' }).click();
      expect(await page.locator('#who').textContent()).toBe('null');
    } finally {
      await context.close();
    }
  });
});
