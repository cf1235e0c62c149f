import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openFolderReview, type Review } from '../../lib/review';
import { createReviewServer } from '../../server';
import { writePhotograph, writePredicted, type Predicted } from '../lib/review/support';
import { HOSTILE } from '../server/support';
import { startBrowser } from './support/chromium';
import { isHarmed, neededWidth } from './support/page';

let browser: Browser;
let folder: string;
let running: { readonly server: Server; readonly review: Review } | undefined;

beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-review-'));
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

async function serve(predictions: string, port = 0): Promise<string> {
  const { review, readPhotograph } = await openFolderReview(predictions);
  const server = createReviewServer({ review, readPhotograph, title: HOSTILE, source: predictions });
  running = { server, review };
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(): Promise<void> {
  if (running === undefined) return;
  running.server.closeAllConnections();
  running.server.close();
  await running.review.close();
  running = undefined;
}

interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens the page as a person who types a name. */
async function open(url: string, name: string): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await page.locator('#name').fill(name);
  await page.keyboard.press('Enter');
  await page.locator('.answer').first().waitFor();
  return { page, complaints };
}

/** Types keys, and waits until the page says that all that they mark is saved. */
async function type(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await saved(page);
}

const saved = (page: Page): Promise<unknown> => page.locator('#status', { hasText: /^Saved$/ }).waitFor();
const texts = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allTextContents();

async function journal(predictions: string): Promise<unknown[]> {
  const lines = (await readFile(join(predictions, 'reviews.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const { sequence, by, labels } = JSON.parse(line) as Record<string, unknown>;
    return [sequence, by, labels];
  });
}

const CLASSES = ['empty', 'Human', HOSTILE, 'zebra'];
const BAD = `a <img src=x onerror=harmed=1>'"&.jpg`;
/** From the most doubtful to the surest. */
const SEQUENCES: readonly Predicted[] = [
  { files: [BAD, 'b.jpg'], taken: '2024-05-01T06:00:00', probabilities: [0.1, 0.2, 0.4, 0.3] },
  { files: ['c.jpg'], probabilities: [0, 0, 0.5, 0.5] },
  { files: ['<b>site</b>/d.jpg'], probabilities: [0.2, 0, 0.2, 0.6] },
  { files: ['e.jpg'], probabilities: [0.3, 0, 0, 0.7] },
  { files: ['f.jpg'], probabilities: [0.2, 0, 0, 0.8] },
  { files: ['g.jpg'], probabilities: [0.1, 0, 0, 0.9] },
];

async function predicted(): Promise<string> {
  for (const { files } of SEQUENCES) for (const file of files) await writePhotograph(join(folder, 'card', file));
  return await writePredicted(folder, CLASSES, SEQUENCES);
}

test('the keyboard accepts, corrects, marks and takes back, hostile names being texts', async () => {
  const predictions = await predicted();
  const { page, complaints } = await open(await serve(predictions), HOSTILE.slice(0, 60));
  expect(await texts(page, '.answer .name')).toEqual([HOSTILE, 'zebra', 'Human', 'empty']);
  expect(await page.locator('#large').getAttribute('alt')).toContain(BAD);
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('#frame-position').textContent()).toBe('2 / 2');
  await type(page, 'Enter', '2', 'e', 'p', 'u');
  await type(page, 'c', 'z', 'e', 'Enter');
  await type(page, 'z', 'c', ...'Wild dog', 'Shift+Enter', 'z', 'Enter');
  const by = HOSTILE.slice(0, 60).trim();
  expect(await journal(predictions)).toEqual([
    [BAD, by, [HOSTILE]],
    ['c.jpg', by, ['zebra']],
    ['<b>site</b>/d.jpg', by, ['empty']],
    ['e.jpg', by, ['Human']],
    ['f.jpg', by, []],
    ['g.jpg', by, ['zebra']],
    ['g.jpg', by, null],
    ['g.jpg', by, ['Wild dog', 'zebra']],
  ]);
  expect(await texts(page, '.row .mark')).toEqual([
    'accepted',
    'zebra',
    'empty',
    'Human',
    'cannot tell',
    'Wild dog, zebra',
  ]);
  await page.locator('.export summary').click();
  await page.keyboard.press('?');
  expect([complaints, await isHarmed(page)]).toEqual([[], false]);
  await page.setViewportSize({ width: 380, height: 800 });
  expect(await neededWidth(page)).toBeLessThanOrEqual(380);
  await page.context().close();
});

test('two people do not see what the other one said before they have said it, and are compared', async () => {
  const url = await serve(await predicted());
  const [ana, ben] = [await open(url, 'Ana'), await open(url, 'Ben')];
  await type(ana.page, 'Enter', 'Enter', 'Enter');
  expect(await texts(ben.page, '#verdict *')).toEqual([]);
  await type(ben.page, 'e', '1', 'Enter', 'ArrowUp', 'ArrowUp', 'ArrowUp');
  await ben.page.locator('.other.differs', { hasText: `Ana: ${HOSTILE}` }).waitFor();
  expect(await ben.page.locator('#people').textContent()).toContain('Ana and Ben agree on 67\u00a0% of 3');
  await ben.page.getByText('Show the disagreement').click();
  await ben.page.locator('#total', { hasText: '1 sequence' }).waitFor();
  for (const { page, complaints } of [ana, ben]) {
    expect(complaints).toEqual([]);
    await page.context().close();
  }
});

test('the accuracy is that of the random draw, and grows with it', async () => {
  const { page } = await open(await serve(await predicted()), 'Ana');
  await type(page, 'Enter');
  await page.locator('#accuracy button').click();
  await page.locator('#place', { hasText: '1 of 6' }).waitFor();
  expect(await page.locator('select[name=order]').inputValue()).toBe('random');
  await type(page, ...SEQUENCES.map(() => 'Enter'));
  expect(await page.locator('#accuracy .figure').textContent()).toBe('100\u00a0%of all');
  expect(await page.locator('#accuracy').textContent()).toContain('by 6 of the random draw: that is all there are.');
  await page.context().close();
});

test('a mark that the server did not take is said not to be saved, and is saved when it comes back', async () => {
  const predictions = await predicted();
  const url = await serve(predictions);
  const { page } = await open(url, 'Ana');
  await page.keyboard.press('ArrowDown');
  const before = await page.locator('#large').evaluate('large.src');
  await page.keyboard.press('ArrowUp');
  await stop();
  await page.keyboard.press('Enter');
  await page.locator('#trouble', { hasText: 'Not saved yet, trying again.' }).waitFor();
  expect(await page.locator('#status').textContent()).toBe('Saving 1 …');
  await serve(predictions, Number(new URL(url).port));
  await saved(page);
  expect(await journal(predictions)).toEqual([[BAD, 'Ana', [HOSTILE]]]);
  await page.waitForFunction(`large.complete && large.src !== ${JSON.stringify(before)}`);
  await page.locator('select[name=order]').selectOption('site');
  await page.locator('.row .mark').waitFor();
  await page.context().close();
});

test('of 100,000 sequences the page holds and fetches what can be seen', async () => {
  const COUNT = 100_000;
  const many = Array.from({ length: COUNT }, (_, number) => ({
    files: [`site${number % 50}/${number}.jpg`],
    probabilities: [1 - number / COUNT, number / COUNT].map((share) => Number((0.5 + share / 2).toFixed(5))),
  }));
  const url = await serve(await writePredicted(folder, ['empty', 'zebra'], many));
  const { page } = await open(url, 'Ana');
  const slices: number[] = [];
  page.on('response', (response) => {
    if (/\/views\/\d/.test(response.url())) void response.json().then((rows: unknown[]) => slices.push(rows.length));
  });
  const elements = (): Promise<number> => page.evaluate('document.querySelectorAll("#rows *").length');
  expect(await page.locator('#total').textContent()).toBe('100,000 sequences');
  expect((await page.content()).length).toBeLessThan(200_000);
  for (const share of [0.1, 0.35, 0.5, 0.75, 1]) {
    await page.evaluate(`rows.scrollTop = ${share} * rows.scrollHeight`);
    await page.locator('.row b').first().waitFor();
    expect(await elements()).toBeLessThan(400);
  }
  await page.locator(`#row-${COUNT - 1} b`).click();
  await page.locator('#place', { hasText: '100,000 of 100,000' }).waitFor();
  await type(page, 'Enter');
  expect(Math.max(...slices)).toBe(100);
  expect(slices.length).toBeLessThan(40);
  await page.context().close();
});
