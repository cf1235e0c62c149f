import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, refused contents. */
  readonly complaints: string[];
  /** What the page asked for beside itself. */
  readonly requests: string[];
  /** From the start of loading until everything is drawn, milliseconds. */
  readonly loadedIn: number;
  close(): Promise<void>;
}

/** Opens a page from a file, as people do. */
export async function openPage(browser: Browser, file: string): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url());
  });
  const started = performance.now();
  await page.goto(url, { waitUntil: 'load' });
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  return { page, complaints, requests, loadedIn: performance.now() - started, close: () => context.close() };
}

/** Width that the page needs; more than the window's means that something stands over the edge. */
export async function neededWidth(page: Page): Promise<number> {
  return await page.evaluate('document.documentElement.scrollWidth');
}

/** What hostile texts set when they run. */
export async function isHarmed(page: Page): Promise<boolean> {
  return await page.evaluate("'harmed' in window");
}
