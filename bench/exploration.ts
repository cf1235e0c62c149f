import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { catalogSchema, type Catalog } from '../lib/contracts/catalog';
import { serengetiHome } from '../lib/io/home';
import { indexSeasons, type SeasonIndex } from '../lib/metadata';
import { exploreSeasons } from '../lib/report';
import { simulateMetadata } from '../simulator';
import { CLASSES, CLASS_MAPPING } from '../simulator/plan/classes';
import { startBrowser } from '../test/browser/support/chromium';
import { openPage } from '../test/browser/support/page';
import { benchFolder, type BenchReport } from './harness';

const SEASONS = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'S10'];
const METADATA = { format: 'competition-csv', metadata: 'train_metadata.csv', labels: 'train_labels.csv' } as const;
const ROUNDS = 5;
const MOST_BYTES = 10e6;
const MOST_MILLISECONDS = 2000;

/**
 * The page about ten seasons at their real length: how long it takes to make from their tables, how large it is, and how
 * long a browser takes from opening the file until everything is drawn. Its photographs are ImageNet's, enlarged to a
 * camera's size.
 */
export async function run(): Promise<BenchReport> {
  const folder = benchFolder('exploration');
  const input = join(benchFolder('index'), 'metadata', 'all');
  console.log('Making the metadata of ten seasons, once, and their tables …');
  await simulateMetadata(input, { json: false });
  const indexes = SEASONS.map((season) => ({ season, directory: join(folder, season) }));
  const sequences = await writeTables(input, indexes);

  const file = join(folder, 'exploration.html');
  const photographs = await largePhotographs();
  let next = 0;
  const started = performance.now();
  await exploreSeasons({
    indexes,
    catalog: CATALOG,
    split: { trainSeasons: SEASONS.slice(0, -1), validationSeasons: SEASONS.slice(-1) },
    seed: 1,
    photograph: async () => photographs[next++ % photographs.length],
    file,
  });
  const seconds = (performance.now() - started) / 1000;
  const { size: bytes } = await stat(file);
  const milliseconds = await openingTime(file);
  await rm(folder, { recursive: true });
  return {
    rows: [
      ['page about', 'made in', 'size', 'opens in'],
      [
        `${sequences.toLocaleString('en')} sequences`,
        `${seconds.toFixed(1)} s`,
        `${(bytes / 1e6).toFixed(2)} MB`,
        `${milliseconds.toFixed(0)} ms`,
      ],
    ],
    ratios: {
      'size / 10 MB': Number((bytes / MOST_BYTES).toFixed(3)),
      'opening / 2 s': Number((milliseconds / MOST_MILLISECONDS).toFixed(3)),
    },
  };
}

const CATALOG: Catalog = catalogSchema.parse({
  name: 'serengeti',
  mirrors: [{ name: 'here', url: 'file:///' }],
  classes: [...CLASSES],
  classMapping: CLASS_MAPPING,
  seasons: SEASONS.map((id) => ({ id, archives: [], metadata: METADATA })),
});

/** @returns sequences in all */
async function writeTables(input: string, indexes: readonly SeasonIndex[]): Promise<number> {
  for (const { directory } of indexes) await mkdir(directory, { recursive: true });
  const summaries = await indexSeasons({
    catalog: CATALOG,
    metadataFiles: [METADATA.metadata, METADATA.labels].map((name) => join(input, name)),
    seasons: CATALOG.seasons.map((season, position) => ({ season, directory: indexes[position]!.directory })),
  });
  return summaries.reduce((sum, summary) => sum + summary.sequences, 0);
}

async function largePhotographs(): Promise<Buffer[]> {
  const folder = join(serengetiHome(), 'native', 'photographs');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jpg')).sort();
  return await Promise.all(
    names.map(async (name) =>
      sharp(await readFile(join(folder, name)))
        .resize(2048, 1536, { fit: 'cover' })
        .jpeg({ quality: 85 })
        .toBuffer(),
    ),
  );
}

/** The fastest of some, milliseconds. */
async function openingTime(file: string): Promise<number> {
  const browser = await startBrowser();
  try {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const opened = await openPage(browser, file);
      times.push(opened.loadedIn);
      await opened.close();
    }
    return Math.min(...times);
  } finally {
    await browser.close();
  }
}
