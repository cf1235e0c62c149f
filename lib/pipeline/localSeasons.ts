import type { ArtifactStore } from '../store';

/** What a store has of a season. */
export interface LocalSeason {
  archiveBytes?: number;
  /** Frames that were extracted. */
  unpacked?: number;
  frames?: number;
  sequences?: number;
}

/** What the store has of each season, by its id. Several catalogs may share an id; the newest counts. */
export async function localSeasons(store: Pick<ArtifactStore, 'list'>): Promise<ReadonlyMap<string, LocalSeason>> {
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
