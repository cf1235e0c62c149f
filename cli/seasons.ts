import type { Catalog } from '../lib/contracts/catalog';
import { isSerengetiError } from '../lib/contracts/errors';
import { loadCatalog, probeArchives } from '../lib/seasons';
import { openStore } from '../lib/store';
import { findSampleUrl } from '../workers/embedded';
import { readSettings } from '../workers/settings';
import { formatBytes, formatCount } from '../lib/contracts/format';
import { renderTable } from './terminal/table';

/** `serengeti seasons`: what a catalog offers, how large it is, and what of it is here. */
export async function listSeasons({ catalog: where }: { readonly catalog: string }): Promise<void> {
  const catalog = await loadCatalog(where, { sampleUrl: await findSampleUrl() });
  const local = await localSeasons(readSettings().store);
  const rows = await Promise.all(catalog.seasons.map((season) => seasonRow(catalog, season.id, local)));
  process.stdout.write(`${catalog.name}: ${catalog.description}\n\n`);
  process.stdout.write(renderTable(['season', 'archives', 'published', 'downloaded', 'unpacked', 'indexed'], rows));
}

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

async function seasonRow(catalog: Catalog, id: string, local: ReadonlyMap<string, LocalSeason>): Promise<string[]> {
  const season = catalog.seasons.find((candidate) => candidate.id === id)!;
  const here = local.get(id);
  const published = await publishedSize(catalog, season);
  return [
    id,
    published.archives,
    published.bytes,
    here?.archiveBytes === undefined ? '–' : formatBytes(here.archiveBytes),
    here?.unpacked === undefined ? '–' : `${formatCount(here.unpacked)} frames`,
    here?.frames === undefined
      ? '–'
      : `${formatCount(here.frames)} frames, ${formatCount(here.sequences ?? 0)} sequences`,
  ];
}

async function publishedSize(
  catalog: Catalog,
  season: Catalog['seasons'][number],
): Promise<{ readonly archives: string; readonly bytes: string }> {
  try {
    const archives = await probeArchives(catalog, season);
    const bytes = archives.reduce((sum, file) => sum + file.bytes, 0);
    return { archives: String(archives.length), bytes: formatBytes(bytes) };
  } catch (error) {
    if (!isSerengetiError(error)) throw error;
    return { archives: '?', bytes: error.code };
  }
}
