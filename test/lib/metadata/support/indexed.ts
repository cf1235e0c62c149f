import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../../../../lib/contracts/catalog';
import type { WorkOptions } from '../../../../lib/contracts/progress';
import type { IndexSummary } from '../../../../lib/contracts/steps';
import { indexSeason, readParquet } from '../../../../lib/metadata';
import type { WrittenMetadata } from './formats';
import { catalogOf, entriesCsv } from './season';

export type Row = Readonly<Record<string, unknown>>;

/** What an index says. */
export interface Indexed {
  readonly directory: string;
  readonly summary: IndexSummary;
  readonly frames: Row[];
  readonly sequences: Row[];
  /** Rows of `rejected.csv`. */
  readonly rejected: string[];
}

export interface IndexOptions {
  readonly catalog?: Catalog;
  readonly season?: string;
  /** Names in the archive; absent: no archive. */
  readonly archive?: readonly string[];
  readonly work?: WorkOptions;
}

/** Indexes a season of what was written below the folder. */
export async function indexed(
  folder: string,
  { metadata, files }: WrittenMetadata,
  { catalog = catalogOf(metadata), season = 'S1', archive, work }: IndexOptions = {},
): Promise<Indexed> {
  const directory = join(folder, `index-${season}`);
  await mkdir(directory, { recursive: true });
  const entries = join(folder, `entries-${season}.csv`);
  if (archive !== undefined) await writeFile(entries, entriesCsv(archive));
  const summary = await indexSeason(
    {
      season: catalog.seasons.find(({ id }) => id === season)!,
      catalog,
      metadataFiles: files,
      entriesCsv: archive === undefined ? undefined : entries,
      directory,
    },
    work,
  );
  return { summary, ...(await readIndex(directory)) };
}

export async function readIndex(directory: string): Promise<Omit<Indexed, 'summary'>> {
  const rejected = await readFile(join(directory, 'rejected.csv'), 'utf8');
  return {
    directory,
    frames: await readParquet(join(directory, 'frames.parquet')),
    sequences: await readParquet(join(directory, 'sequences.parquet')),
    rejected: rejected.trimEnd().split('\n').slice(1),
  };
}
