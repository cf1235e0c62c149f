import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { writeValidationReport } from '../../lib/report';
import type { ValidationResult } from '../../lib/contracts/validation';
import {
  imaginedCard,
  imaginedCheck,
  imaginedCounts,
  imaginedHistory,
  imaginedRun,
  imaginedValidation,
  SERENGETI_CLASSES,
} from '../lib/report/support/validation';
import { photograph } from '../lib/submission/support/colourModel';
import { until } from '../support/waiting';
import { startBrowser } from './support/chromium';
import { isHarmed, neededWidth, openPage, type OpenPage } from './support/page';

const CHARTS = ['score', 'loss', 'accuracy', 'confusion', 'precision-recall', 'calibration', 'sites', 'sampling'];
const HOSTILE = `</script><script>window.harmed=1</script><img src=x onerror="window.harmed=1">'"&\u2028`;

let browser: Browser;
let folder: string;
let photo: Buffer;

beforeAll(async () => {
  browser = await startBrowser();
  photo = await photograph('zebra');
  folder = await mkdtemp(join(tmpdir(), 'serengeti-report-'));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function write(name: string, result: ValidationResult, change: object = {}): Promise<string> {
  const file = join(folder, name);
  await writeValidationReport({
    result,
    history: imaginedHistory(12),
    counts: imaginedCounts(result),
    card: imaginedCard(result),
    run: imaginedRun(),
    check: imaginedCheck(),
    exploration: 'exploration.html',
    thumbnail: async (_, fileName) => (fileName.endsWith('0.JPG') ? undefined : photo),
    sequences: 'sequences.csv',
    file,
    ...change,
  });
  return file;
}

describe('with 54 classes and 120 sites', () => {
  const result = imaginedValidation({ examples: 20 });
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    opened = await openPage(browser, await write('large.html', result));
    page = opened.page;
  });

  afterAll(() => opened.close());

  test.each(CHARTS)('draws the chart %s, with a name for those who do not see it', async (name) => {
    const svg = page.locator(`[data-chart="${name}"][data-drawn] svg[role="img"]`);
    expect(await svg.getAttribute('aria-label')).toMatch(/table/);
    const marks = await svg.locator('circle, path, rect, line').count();
    expect(marks).toBeGreaterThan(5);
  });

  test('shows every class that occurs in the confusion matrix, and its counts on pointing', async () => {
    const present = result.perClass.filter(({ sequences, predicted }) => sequences + predicted > 0);
    const chart = page.locator('[data-chart="confusion"]');
    expect(await chart.locator('g[aria-label="y-axis tick label"] text').count()).toBe(present.length);
    const cell = chart.locator('g[aria-label="cell"] rect').first();
    await cell.scrollIntoViewIfNeeded();
    await cell.hover();
    await chart.locator('g[aria-label="tip"]', { hasText: /→ .*[\d,]+ of [\d,]+ sequences/s }).waitFor();
  });

  test('orders the confusion matrix by name', async () => {
    const names = () =>
      page.locator('[data-chart="confusion"] g[aria-label="y-axis tick label"] text').allTextContents();
    expect((await names())[0]).toBe('empty');
    await page.locator('[data-order="confusion"]').selectOption('name');
    const sorted = await names();
    expect(sorted).toEqual([...sorted].sort());
  });

  test('sorts the table of classes, figures largest first, missing ones last, by mouse and keyboard', async () => {
    const column = (index: number) =>
      page
        .locator(`#class-table tbody tr > :nth-child(${index})`)
        .evaluateAll((cells) => cells.map((cell): string => cell.dataset.value ?? ''));
    const recall = page.locator('#class-table thead th', { hasText: 'Recall' });
    await recall.locator('button').click();
    expect(await recall.getAttribute('aria-sort')).toBe('descending');
    const falling = await column(6);
    const known = falling.filter((value) => value !== '').map(Number);
    expect(known).toEqual([...known].sort((a, b) => b - a));
    expect(falling.slice(0, known.length)).not.toContain('');
    await recall.locator('button').press('Enter');
    expect(await recall.getAttribute('aria-sort')).toBe('ascending');
    expect(Number((await column(6))[0])).toBe(Math.min(...known));
    const name = page.locator('#class-table thead th', { hasText: 'Class' });
    await name.locator('button').click();
    expect(await recall.getAttribute('aria-sort')).toBeNull();
    expect(await column(1)).toEqual([...SERENGETI_CLASSES].sort());
  });

  test('flips through the frames of a sequence, by button and by arrow', async () => {
    const frames = page.locator('.frames[data-frames="3"]').first();
    await frames.scrollIntoViewIfNeeded();
    const shown = () =>
      frames.locator('.frame').evaluateAll((all) => all.findIndex((frame) => frame.checkVisibility()));
    expect(await shown()).toBe(0);
    await frames.locator('.next').click();
    expect(await shown()).toBe(1);
    expect(await frames.locator('.position').textContent()).toBe('2 / 3');
    await frames.locator('.next').press('ArrowLeft');
    await frames.locator('.previous').press('ArrowLeft');
    expect(await shown()).toBe(2);
  });

  test('shows a dozen of a gallery, all on request, or those of a class', async () => {
    const [label = ''] = result.errors.at(-1)!.labels;
    const visible = page.locator('[data-gallery="errors"] > li:visible');
    const more = page.locator('[data-more="errors"]');
    expect(await visible.count()).toBe(12);
    await page.locator('[data-filter="errors"]').selectOption(label);
    expect(await visible.count()).toBe(result.errors.filter(({ labels }) => labels.includes(label)).length);
    expect(await more.isVisible()).toBe(false);
    await page.locator('[data-filter="errors"]').selectOption('');
    expect(await visible.count()).toBe(12);
    await more.press('Enter');
    expect(await visible.count()).toBe(result.errors.length);
    expect(await more.isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.matches("[data-gallery=errors] > :nth-child(13)")')).toBe(true);
  });

  test('says how the packaged programs did, and what the test set would take', async () => {
    const cells = await page.locator('#programs tbody tr').first().locator('th, td').allTextContents();
    expect(cells.map((cell) => cell.trim())).toEqual(['main.mjs', 'TensorFlow 2.21.0', '24', '61.2', '0.8']);
    expect(await page.locator('#submission').textContent()).toMatch(/no probability differs by more\s+than 0\.0031/);
  });

  test('links to the page about the data', async () => {
    expect(await page.locator('.kicker a').getAttribute('href')).toBe('exploration.html');
  });

  test('has every confusion in a table, for those who cannot point', async () => {
    const rows = await page.locator('#confusions tbody tr, #more-confusions tbody tr').count();
    const confused = result.confusion.flatMap((row, truth) =>
      row.filter((cell, answer) => cell > 0 && answer !== truth),
    );
    expect(rows).toBe(confused.length);
  });

  test('is walked through by keyboard: skip link, contents, then what can be worked with, each with a name', async () => {
    const reached: { name: string; outlined: boolean }[] = [];
    await page.reload();
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(`(() => {
          const { activeElement: focused } = document;
          const label = focused.getAttribute('aria-label') ?? focused.labels?.[0]?.textContent ?? focused.textContent;
          const by = document.getElementById(focused.getAttribute('aria-labelledby'))?.textContent;
          return { name: (by ?? label).trim(), outlined: getComputedStyle(focused).outlineStyle !== 'none' };
        })()`),
      );
    }
    expect(reached[0]!.name).toBe('Skip to the content');
    expect(reached.filter(({ name, outlined }) => name === '' || !outlined)).toEqual([]);
    expect(new Set(reached.map(({ name }) => name)).size).toBeGreaterThan(20);
  });

  test('has one heading of the first level, none that skips a level, and a name for every image and control', async () => {
    const levels = await page
      .locator('h1, h2, h3, h4')
      .evaluateAll((all) => all.map((heading): number => Number(heading.tagName[1])));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1));
    expect(await page.locator('img:not([alt])').count()).toBe(0);
    const unnamed = await page
      .locator('select, input, button')
      .evaluateAll((all) =>
        all
          .filter(
            (one) => (one.labels?.length ?? 0) === 0 && !one.getAttribute('aria-label') && !one.textContent.trim(),
          )
          .map((one): string => one.outerHTML),
      );
    expect(unnamed).toEqual([]);
    const repeated = await page.evaluate(
      "[...document.querySelectorAll('[id]')].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at)",
    );
    expect(repeated).toEqual([]);
  });

  test('says where a photograph could not be read', async () => {
    const missing = [...result.errors, ...result.hits, ...result.review]
      .flatMap(({ fileNames }) => fileNames)
      .filter((name) => name.endsWith('0.JPG'));
    expect(await page.locator('.frame.missing').count()).toBe(missing.length);
    expect(missing.length).toBeGreaterThan(0);
  });

  test('gives the input to paste back', async () => {
    expect(JSON.parse((await page.locator('#input').textContent())!)).toEqual(imaginedRun().input);
  });

  test('asks nothing of the network and has nothing to complain about', () => {
    expect(opened.requests).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  test('is set for the dark, too', async () => {
    const background = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(luminance(await background())).toBeLessThan(0.2);
    expect(luminance(light)).toBeGreaterThan(0.8);
    const ink = await page
      .locator('[data-chart="score"] text')
      .first()
      .evaluate((text): string => text.computedStyleMap().get('fill').toString());
    expect(luminance(ink)).toBeGreaterThan(0.6);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('prints with everything that is folded away', async () => {
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('details:not([open]):not(.screen)').count()).toBe(0);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator('details[open]').count()).toBe(0);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    const pages = [...pdf.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;
    expect(pages).toBeGreaterThan(8);
    expect(pages).toBeLessThan(30); // the long tail of confusions stays on the screen
  });

  test('fits a phone: nothing stands over the edge', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await until(async () => (await neededWidth(page)) === 360);
    expect(opened.complaints).toEqual([]);
  });
});

test('hostile names are text, wherever they stand', async () => {
  const classes = ['empty', HOSTILE, 'zebra'];
  const result = imaginedValidation({ classes, sequences: 300, examples: 3 });
  const hostile = JSON.parse(
    JSON.stringify({
      ...result,
      cautions: [HOSTILE],
      perSite: result.perSite.map((site) => ({ ...site, name: HOSTILE })),
    }),
  ) as ValidationResult;
  const examples = hostile.errors.map((example) => ({
    ...example,
    site: HOSTILE,
    sequence: HOSTILE,
    fileNames: [HOSTILE],
  }));
  const run = {
    ...imaginedRun(),
    run: HOSTILE,
    machine: HOSTILE,
    catalog: { name: HOSTILE, licence: HOSTILE, citation: HOSTILE },
  };
  const file = await write('hostile.html', { ...hostile, errors: examples }, { run });
  const opened = await openPage(browser, file);
  try {
    expect(await isHarmed(opened.page)).toBe(false);
    expect(opened.complaints).toEqual([]);
    const names = await opened.page.locator('#class-table tbody th').allTextContents();
    expect(names).toContain(HOSTILE);
    expect(await opened.page.locator('[data-chart="confusion"] text', { hasText: 'onerror' }).count()).toBeGreaterThan(
      0,
    );
  } finally {
    await opened.close();
  }
});

test('a script that found its way into the page does not run', async () => {
  const file = await write(
    'injected.html',
    imaginedValidation({ classes: ['empty', 'zebra'], sequences: 60, examples: 1 }),
  );
  const opened = await openPage(browser, file);
  try {
    await opened.page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'harmed = 1' }))",
    );
    expect(await isHarmed(opened.page)).toBe(false);
    expect(opened.complaints.join()).toMatch(/Content Security Policy/);
  } finally {
    await opened.close();
  }
});

test('little data: one class, no errors, one epoch, no photographs', async () => {
  const result = imaginedValidation({ classes: ['empty', 'zebra'], sequences: 6, sites: 1, examples: 1 });
  const bare = { ...result, errors: [], hits: [], logLoss: { value: 0, low: 0, high: 0 } };
  const file = await write('little.html', bare, { history: imaginedHistory(1), thumbnail: async () => undefined });
  const opened = await openPage(browser, file);
  try {
    expect(opened.complaints).toEqual([]);
    expect(await opened.page.locator('.cautions li').count()).toBe(bare.cautions.length);
    expect(await opened.page.locator('[data-drawn] svg').count()).toBe(CHARTS.length);
    expect(await opened.page.locator('#errors').textContent()).toContain('The model made no errors.');
  } finally {
    await opened.close();
  }
});

/** Of `rgb(…)`, 0 for black to 1 for white. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
