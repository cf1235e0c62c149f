import { readJson } from '../lib/pipeline/artifacts';
import { indexParams } from '../lib/pipeline/steps/indexSeason';
import type { Manifest } from '../lib/contracts/artifact';
import type { Catalog, Season } from '../lib/contracts/catalog';
import { SerengetiError } from '../lib/contracts/errors';
import type { CatalogSummary, FramesRef, FramesSummary, IndexSummary } from '../lib/contracts/steps';
import { chooseSeasons, loadCatalog, withAddresses } from '../lib/seasons';
import { digestOf, type ArtifactStore } from '../lib/store';

export type Split = Pick<CatalogSummary, 'trainSeasons' | 'validationSeasons'>;
export type StoredIndex = Manifest<IndexSummary>;

/**
 * A catalog and which of its seasons train and validate: as the latest run with it had them where it is in the store,
 * else as the catalog proposes.
 *
 * @param where - name of a catalog in the store, `lila`, or the path or address of a catalog file; without it, the
 *   catalog that came into the store last
 */
export async function findCatalog(
  store: ArtifactStore,
  where: string | undefined,
  sampleUrl: string | undefined,
): Promise<{ readonly catalog: Catalog; readonly split: Split }> {
  const stored = (await store.list('catalog')) as unknown as readonly Manifest<CatalogSummary>[];
  const latest = stored.find(({ summary }) => where === undefined || summary.name === where);
  if (latest !== undefined) {
    const catalog = await readJson<Catalog>(store, latest, 'catalog.json');
    return { catalog: withAddresses(catalog, sampleUrl), split: latest.summary };
  }
  if (where === undefined) throw missing(`No run has left a catalog in ${store.uri}.`);
  const catalog = await loadCatalog(where, { sampleUrl });
  const { train, validation } = chooseSeasons(catalog);
  return { catalog, split: { trainSeasons: train, validationSeasons: validation } };
}

/**
 * The latest tables of each season, in the catalog's order, whichever of its mirrors or metadata they came from.
 *
 * @param wanted - seasons; without it, those that have tables
 * @throws SerengetiError SEASON_UNKNOWN, or INDEX_MISSING naming the seasons without tables
 */
export async function findIndexes(
  store: ArtifactStore,
  catalog: Catalog,
  wanted: readonly string[] | undefined,
): Promise<StoredIndex[]> {
  const known = catalog.seasons.map(({ id }) => id);
  const unknown = wanted?.filter((season) => !known.includes(season)) ?? [];
  if (unknown.length > 0) {
    throw new SerengetiError(
      'SEASON_UNKNOWN',
      `The catalog "${catalog.name}" has no season ${unknown.join(', ')}; it has ${known.join(', ')}.`,
    );
  }
  const stored = (await store.list('index')) as unknown as readonly StoredIndex[];
  const indexes = catalog.seasons.flatMap((season) => {
    if (wanted !== undefined && !wanted.includes(season.id)) return [];
    return (
      stored.find(({ params, summary }) => summary.catalog === catalog.name && isIndexOf(params, catalog, season)) ?? []
    );
  });
  const found = indexes.map(({ summary }) => summary.season);
  const lacking = (wanted ?? known).filter((season) => !found.includes(season));
  if (indexes.length === 0 || (wanted !== undefined && lacking.length > 0)) {
    throw missing(`${store.uri} has no tables of ${lacking.join(', ')} of the catalog "${catalog.name}".`);
  }
  return indexes;
}

/** The frames that the tables were made beside, where they are still in the store. */
export async function findFrames(store: ArtifactStore, indexes: readonly StoredIndex[]): Promise<FramesRef[]> {
  const frames = indexes.flatMap(({ sources = [] }) => sources).map((id) => store.find<FramesSummary>(id));
  return (await Promise.all(frames)).filter((ref) => ref !== undefined);
}

/** Folder of the latest pick from these tables: it says which frames a run fetched that left the others at the mirrors. */
export async function findPick(store: ArtifactStore, indexes: readonly StoredIndex[]): Promise<string | undefined> {
  const keys = indexes.map(({ key }) => key);
  const picks = await store.list('pick');
  const pick = picks.find(({ inputs }) => keys.every((key) => inputs.some((input) => input.key === key)));
  return pick === undefined ? undefined : (await store.open(pick)).path('.');
}

/** What is left of a split among some seasons; nothing where they are all on one side. */
export function splitWithin({ trainSeasons, validationSeasons }: Split, seasons: readonly string[]): Split | undefined {
  const within = (side: readonly string[]): readonly string[] => side.filter((season) => seasons.includes(season));
  const split = { trainSeasons: within(trainSeasons), validationSeasons: within(validationSeasons) };
  return split.trainSeasons.length === 0 || split.validationSeasons.length === 0 ? undefined : split;
}

function missing(message: string): SerengetiError {
  return new SerengetiError('INDEX_MISSING', message);
}

/** Whichever files they were made from: only what is asked of them has to be the same. */
function isIndexOf(params: StoredIndex['params'], catalog: Catalog, season: Season): boolean {
  return Object.entries(indexParams(catalog, season)).every(
    ([name, value]) => digestOf(params[name]) === digestOf(value),
  );
}
