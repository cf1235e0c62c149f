import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { writeComparisonPage } from '../../lib/report';
import { candidate } from '../lib/registry/support';
import { imaginedValidation } from '../lib/report/support/validation';
import { startBrowser } from './support/chromium';
import { neededWidth, openPage } from './support/page';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'serengeti-comparison-'));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

describe('the page that compares two models, in a browser', () => {
  test('draws its chart, sorts its tables, asks for nothing, fits a phone', async () => {
    const contender = (name: string, seed: number) => ({
      model: { ...candidate(name), name, registeredAt: '2026-03-04T05:06:07.000Z' },
      result: imaginedValidation({ seed }),
    });
    const file = join(folder, 'page.html');
    await writeComparisonPage({
      first: contender('m1', 1),
      second: contender('m2', 2),
      difference: {
        sequences: 90,
        sites: 7,
        logLoss: { value: -0.002, low: -0.003, high: -0.001 },
        accuracy: { value: 0, low: -0.1, high: 0.1 },
      },
      file,
    });
    const { page, complaints, requests, close } = await openPage(browser, file);
    try {
      const svg = page.locator('[data-chart="classes"][data-drawn] svg[role="img"]');
      expect(await svg.locator('circle').count()).toBe(await page.locator('#class-table tbody tr').count());
      const head = page.locator('#class-table thead th', { hasText: 'Difference' });
      await head.locator('button').click();
      expect(await head.getAttribute('aria-sort')).toBe('descending');
      await page.setViewportSize({ width: 380, height: 800 });
      expect(await neededWidth(page)).toBeLessThanOrEqual(380);
      expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    } finally {
      await close();
    }
  });
});
