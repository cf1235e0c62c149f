import type { Catalog } from '../lib/contracts/catalog';
import { isSerengetiError, type SerengetiError } from '../lib/contracts/errors';
import { localSeasons, type LocalSeason } from '../lib/pipeline/localSeasons';
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
  const local = await localSeasons(openStore(readSettings().store));
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
