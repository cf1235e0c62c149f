import type { Catalog } from '../lib/contracts/catalog';
import { isSerengetiError, type SerengetiError } from '../lib/contracts/errors';
import { loadCatalog, probeArchives } from '../lib/seasons';
import { openStore } from '../lib/store';
import { findSampleUrl } from '../workers/embedded';
import { readSettings } from '../workers/settings';
import { formatBytes, formatCount } from '../lib/contracts/format';
import { describeError } from './terminal/errors';
import { renderTable } from './terminal/table';

/** `serengeti seasons`: what a catalog offers, how large it is, and what of it is here. */
export async function listSeasons({ catalog: where }: { readonly catalog: string }): Promise<void> {
  const catalog = await loadCatalog(where, { sampleUrl: await findSampleUrl() });
  const local = await localSeasons(readSettings().store);
  const seasons = await Promise.all(
    catalog.seasons.map(async (season) => ({ id: season.id, published: await publishedSize(catalog, season) })),
  );
  const rows = seasons.map(({ id, published }) => seasonRow(id, published, local.get(id)));
  process.stdout.write(`${catalog.name}: ${catalog.description}\n\n`);
  process.stdout.write(renderTable(['season', 'archives', 'published', 'downloaded', 'unpacked', 'indexed'], rows));
  process.stdout.write(renderProblems(seasons));
}

/** What mirrors have of a season, or why that is not known. */
type Published = { readonly archives: number; readonly bytes: number } | SerengetiError;

interface LocalSeason {
  archiveBytes?: number;
  /** Frames that were extracted. */
  unpacked?: number;
  frames?: number;
  sequences?: number;
}

/** What the store has of each season, by its id. Several catalogs may share an id; the newest counts. */
async function localSeasons(storeUri: string): Promise<ReadonlyMap<string, LocalSeason>> {
  const store = openStore(storeUri);
  const seasons = new Map<string, LocalSeason>();
  const seasonOf = (id: unknown): LocalSeason => {
    const season = seasons.get(String(id)) ?? {};
    seasons.set(String(id), season);
    return season;
  };
  for (const { summary, bytes } of await store.list('archive')) seasonOf(summary.season).archiveBytes ??= bytes;
  for (const { summary, step } of await store.list('frames')) {
    if (step === 'unzipSeason') seasonOf(summary.season).unpacked ??= Number(summary.entries);
  }
  for (const { summary } of await store.list('index')) {
    seasonOf(summary.season).frames ??= Number(summary.frames);
    seasonOf(summary.season).sequences ??= Number(summary.sequences);
  }
  return seasons;
}

function seasonRow(id: string, published: Published, here: LocalSeason | undefined): string[] {
  return [
    id,
    ...(isSerengetiError(published)
      ? ['?', published.code]
      : [String(published.archives), formatBytes(published.bytes)]),
    here?.archiveBytes === undefined ? '–' : formatBytes(here.archiveBytes),
    here?.unpacked === undefined ? '–' : `${formatCount(here.unpacked)} frames`,
    here?.frames === undefined
      ? '–'
      : `${formatCount(here.frames)} frames, ${formatCount(here.sequences ?? 0)} sequences`,
  ];
}

/** Each code is explained once, by its first season: a mirror that is away is away for all of them. */
function renderProblems(seasons: readonly { readonly id: string; readonly published: Published }[]): string {
  const byCode = new Map<string, string>();
  for (const { id, published } of seasons) {
    if (!isSerengetiError(published) || byCode.has(published.code)) continue;
    byCode.set(published.code, `\n${id}: ${describeError(published)}\n`);
  }
  return [...byCode.values()].join('');
}

async function publishedSize(catalog: Catalog, season: Catalog['seasons'][number]): Promise<Published> {
  try {
    const archives = await probeArchives(catalog, season);
    return { archives: archives.length, bytes: archives.reduce((sum, file) => sum + file.bytes, 0) };
  } catch (error) {
    if (!isSerengetiError(error)) throw error;
    return error;
  }
}
