import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { catalogSchema } from '../../lib/contracts/catalog';
import { indexSeasons } from '../../lib/metadata';
import { exploreSeasons, writeExplorationPage, type ExplorationPage } from '../../lib/report';
import { simulateMetadata } from '../../simulator';
import { CLASSES, CLASS_MAPPING } from '../../simulator/plan/classes';
import { imaginedExploration, imaginedGallery } from '../lib/report/support/exploration';
import { SERENGETI_CLASSES } from '../lib/report/support/validation';
import { photograph } from '../lib/submission/support/colourModel';
import { until } from '../support/waiting';
import { startBrowser } from './support/chromium';
import { isHarmed, neededWidth, openPage, type OpenPage } from './support/page';

const CHARTS = ['seasons', 'classes', 'hours', 'months', 'frames', 'species', 'sites'];
const HOSTILE = `</script><img src=x onerror="window.harmed=1">'"&\u2028`;

let browser: Browser;
let folder: string;
let photo: Buffer;

beforeAll(async () => {
  browser = await startBrowser();
  photo = await photograph('zebra');
  folder = await mkdtemp(join(tmpdir(), 'serengeti-exploration-'));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function write(name: string, page: Partial<ExplorationPage> = {}): Promise<string> {
  const file = join(folder, name);
  await writeExplorationPage({
    exploration: imaginedExploration(),
    gallery: imaginedGallery(),
    photograph: async () => photo,
    file,
    ...page,
  });
  return file;
}

describe('with 54 classes, 225 sites and 2.5 million sequences', () => {
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    opened = await openPage(browser, await write('large.html'));
    page = opened.page;
  });

  afterAll(() => opened.close());

  test.each(CHARTS)('draws the chart %s', async (name) => {
    const svg = page.locator(`[data-chart="${name}"][data-drawn] svg[role="img"]`);
    expect(await svg.locator('circle, path, rect, line').count()).toBeGreaterThan(5);
  });

  test('shows the same sequence for the same kind and seed, another for another seed', async () => {
    const place = () => page.locator('[data-viewer] .place').textContent();
    const choose = async (kind: string, seed: number) => {
      await page.locator('select[name="kind"]').selectOption(kind);
      await page.locator('input[name="seed"]').fill(String(seed));
      return (await place())!;
    };
    const first = await choose('giraffe', 1111);
    expect(first).toMatch(/^giraffe · S3 · .* · frame 1 of /);
    const seen = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) seen.add(await choose('giraffe', seed));
    expect(seen.size).toBeGreaterThan(2);
    expect(await choose('giraffe', 1111)).toBe(first);
    await page.locator('[data-another]').click();
    expect(await place()).not.toBe(first);
  });

  test('flips through the whole sequence, by button, arrow and strip', async () => {
    const { length: frames } = await showSequence(page, 3);
    const place = () => page.locator('[data-viewer] .place').textContent();
    await page.locator('[data-viewer] .next').click();
    expect(await place()).toContain(`frame 2 of ${frames}`);
    await page.locator('[data-viewer] .frames').press('ArrowLeft');
    await page.locator('[data-viewer] .frames').press('ArrowLeft');
    expect(await place()).toContain(`frame ${frames} of ${frames}`);
    await page.locator('[data-viewer] .strip button').first().click();
    expect(await place()).toContain(`frame 1 of ${frames}`);
    const loaded = await page.locator('[data-viewer] .frames img').evaluate((image): number => image.naturalWidth);
    expect(loaded).toBe(240);
  });

  test('draws the months of the chosen class', async () => {
    const bars = () =>
      page
        .locator('[data-chart="months"] g[aria-label="rect"] rect')
        .evaluateAll((all) => all.map((bar): string => bar.getAttribute('height')));
    const all = await bars();
    await page.locator('[data-months]').selectOption('zebra');
    expect(await bars()).not.toEqual(all);
  });

  test('asks nothing of the network and has nothing to complain about', () => {
    expect(opened.requests).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  test('fits a phone: nothing stands over the edge', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await until(async () => (await neededWidth(page)) === 360);
  });
});

test('stays under 10 MB and opens with all classes, however large the photographs', async () => {
  const noise = await sharp({
    create: {
      width: 800,
      height: 600,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .jpeg({ quality: 90 })
    .toBuffer();
  const file = await write('full.html', { photograph: async () => noise });
  expect((await stat(file)).size).toBeGreaterThan(6_000_000);
  expect((await stat(file)).size).toBeLessThan(10_000_000);
  const opened = await openPage(browser, file);
  try {
    const kinds = await opened.page.locator('select[name="kind"] option').count();
    expect(kinds).toBeGreaterThan(SERENGETI_CLASSES.length / 2);
  } finally {
    await opened.close();
  }
});

test('a page made from the tables of simulated seasons opens with all that is in them', async () => {
  const input = join(folder, 'metadata');
  const names = ['S1', 'S2', 'S3'];
  await simulateMetadata(input, { json: false, seasons: names.map((id) => [id, 4_000]) });
  const metadata = { format: 'competition-csv', metadata: 'train_metadata.csv', labels: 'train_labels.csv' };
  const catalog = catalogSchema.parse({
    name: 'simulated',
    mirrors: [{ name: 'here', url: 'file:///' }],
    classes: [...CLASSES],
    classMapping: CLASS_MAPPING,
    seasons: names.map((id) => ({ id, archives: [], metadata })),
  });
  const indexes = names.map((season) => ({ season, directory: join(folder, season) }));
  for (const { directory } of indexes) await mkdir(directory);
  const summaries = await indexSeasons({
    catalog,
    metadataFiles: ['train_metadata.csv', 'train_labels.csv'].map((name) => join(input, name)),
    seasons: catalog.seasons.map((season, index) => ({ season, directory: indexes[index]!.directory })),
  });
  const file = join(folder, 'simulated.html');
  await exploreSeasons({ indexes, catalog, seed: 1, photograph: async () => photo, file });

  expect((await stat(file)).size).toBeLessThan(10_000_000);
  const opened = await openPage(browser, file);
  try {
    expect(opened.complaints).toEqual([]);
    const sequences = summaries.reduce((sum, summary) => sum + summary.sequences, 0);
    expect(sequences).toBeGreaterThan(11_000);
    expect(await opened.page.locator('.figures').textContent()).toContain(sequences.toLocaleString('en-US'));
    expect(await opened.page.locator('[data-drawn] svg').count()).toBe(CHARTS.length);
    expect(await opened.page.locator('select[name="kind"] option').count()).toBeGreaterThan(30);
  } finally {
    await opened.close();
  }
});

test('hostile names are text, wherever they stand', async () => {
  const classes = ['empty', HOSTILE, 'zebra'];
  const exploration = imaginedExploration({ classes, seasons: 2, sites: 4, sequences: 400 });
  const file = await write('hostile.html', {
    exploration: {
      ...exploration,
      catalog: HOSTILE,
      sites: exploration.sites.map((site) => ({ ...site, site: HOSTILE })),
    },
    gallery: imaginedGallery(classes, 1).map((sequence) => ({ ...sequence, site: HOSTILE, sequence: HOSTILE })),
  });
  const opened = await openPage(browser, file);
  try {
    await opened.page.locator('select[name="kind"]').selectOption(HOSTILE);
    expect(await opened.page.locator('[data-viewer] .place').textContent()).toContain(HOSTILE);
    expect(await isHarmed(opened.page)).toBe(false);
    expect(opened.complaints).toEqual([]);
  } finally {
    await opened.close();
  }
});

test('nothing at hand: no photographs, no dates, one season', async () => {
  const exploration = imaginedExploration({ classes: ['empty', 'zebra'], seasons: 1, sites: 1, sequences: 9 });
  const { split: _, ...rest } = exploration;
  const undated = rest.perClass.map((row) => ({ ...row, hours: row.hours.map(() => 0), months: {} }));
  const file = await write('bare.html', {
    exploration: { ...rest, perClass: undated },
    photograph: async () => undefined,
  });
  const opened = await openPage(browser, file);
  try {
    expect(opened.complaints).toEqual([]);
    expect(await opened.page.locator('#gallery').textContent()).toContain('No photographs are at hand');
  } finally {
    await opened.close();
  }
});

/** Chooses seeds until a sequence with so many frames is shown. @returns its frames */
async function showSequence(page: Page, frames: number): Promise<{ length: number }> {
  for (let tries = 0; tries < 50; tries++) {
    if ((await page.locator('[data-viewer] .place').textContent())?.includes(` of ${frames} `))
      return { length: frames };
    await page.locator('[data-another]').click();
  }
  throw new Error(`No sequence with ${frames} frames among the first fifty.`);
}
