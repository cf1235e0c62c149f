import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Catalog, Season, SeasonMetadata } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import { counted } from '../contracts/format';
import type { WorkOptions } from '../contracts/progress';
import type { IndexSummary } from '../contracts/steps';
import { makeFolder, temporaryPath } from '../io/files';
import { Database } from './database';
import { readMetadata } from './formats';
import { readDetections } from './formats/megaDetector';
import { IS_OTHER_SEASON } from './formats/names';
import type { RowSource, Staged, StagingContext } from './formats/staging';
import { describePlace, Rejections } from './rejections';
import { writeSeasonTables } from './seasonTables';

export interface IndexSeasonInput {
  readonly season: Season;
  readonly catalog: Catalog;
  /** Local paths of the season's metadata files; they are recognised by their base names. */
  readonly metadataFiles: readonly string[];
  /**
   * The directory of the season's archives: columns name, archive, offset, compressedBytes, bytes, crc32, method.
   * Absent where frames lie loose: then every frame counts as there.
   */
  readonly entriesCsv?: string | undefined;
  /**
   * Where `frames.parquet`, `sequences.parquet`, `rejected.csv` and `summary.json` go, and `detections.parquet` where the
   * season has detections.
   */
  readonly directory: string;
}

/**
 * Turns a season's metadata into tables: a row a frame and a row a sequence with its labels in the catalog's classes.
 * Bad rows are left out and listed in `rejected.csv`, up to a hundredth of a file's rows (ten always). The same input
 * gives the same bytes.
 *
 * @throws SerengetiError METADATA_INVALID with file, line and column; CLASS_UNKNOWN; METADATA_INCONSISTENT; DISK_FULL
 */
export async function indexSeason(input: IndexSeasonInput, work: WorkOptions = {}): Promise<IndexSummary> {
  const { season, entriesCsv, directory, catalog, metadataFiles } = input;
  const summaries = await indexSeasons({ catalog, metadataFiles, seasons: [{ season, entriesCsv, directory }] }, work);
  return summaries[0]!;
}

export interface IndexSeasonsInput extends Pick<IndexSeasonInput, 'catalog' | 'metadataFiles'> {
  /** Seasons that are in the same metadata files. */
  readonly seasons: readonly Pick<IndexSeasonInput, 'season' | 'entriesCsv' | 'directory'>[];
}

/** The same for several seasons whose metadata is in the same files, which are then read only once. */
export async function indexSeasons(
  { catalog, metadataFiles, seasons }: IndexSeasonsInput,
  work: WorkOptions = {},
): Promise<IndexSummary[]> {
  const metadata = commonMetadata(seasons.map(({ season }) => season));
  const first = seasons[0]!;
  const scratch = temporaryPath(join(first.directory, 'index'));
  await makeFolder(scratch);
  try {
    return await Database.use({ spill: scratch, signal: work.signal }, async (database) => {
      const context: StagingContext = {
        database,
        scratch,
        seasons: seasons.map(({ season }) => season.id),
        sharing: sharingSeasons(catalog, metadata),
        localPath: localPaths(metadataFiles),
        rejections: new Rejections(),
        signal: work.signal,
        onWarning: (warning) => work.onWarning?.(warning),
        onBytes: (bytes) => work.onProgress?.({ done: bytes, unit: 'bytes', note: 'Reading metadata' }),
      };
      const staged = await readMetadata(metadata, context);
      await warnOfTimes(context, staged);
      const summaries: IndexSummary[] = [];
      for (const { season, entriesCsv, directory } of seasons) {
        if (season.detections !== undefined) await readDetections(context.localPath(season.detections), context);
        summaries.push(await writeSeasonTables(context, staged, { season, catalog, entriesCsv, directory }));
      }
      return summaries;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function commonMetadata(seasons: readonly Season[]): SeasonMetadata {
  const [first, ...others] = seasons.map(({ metadata }) => metadata);
  if (first === undefined) throw new RangeError('Expected at least one season');
  if (others.some((other) => !sameFiles(other, first))) {
    throw new RangeError('Expected seasons whose metadata is in the same files');
  }
  return first;
}

function sharingSeasons(catalog: Catalog, metadata: SeasonMetadata): string[] {
  return catalog.seasons.filter((season) => sameFiles(season.metadata, metadata)).map(({ id }) => id);
}

function sameFiles(a: SeasonMetadata, b: SeasonMetadata): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

function localPaths(files: readonly string[]): StagingContext['localPath'] {
  const byName = new Map(files.map((path) => [basename(path), path]));
  return (path) => {
    const local = byName.get(basename(path));
    if (local !== undefined) return local;
    throw new SerengetiError(
      'METADATA_INVALID',
      `The season's metadata lacks ${path}; there is ${[...byName.keys()].join(', ') || 'nothing'}`,
    );
  };
}

async function warnOfTimes(context: StagingContext, { frameRows }: Staged): Promise<void> {
  await warnOfFrames(context, frameRows, {
    where: 'undated IS NOT NULL',
    value: 'undated',
    problem: 'a time that cannot be read, and no date',
  });
  await warnOfFrames(context, frameRows, {
    where: `datetime < TIMESTAMP '1990-01-01' OR datetime > now()::TIMESTAMP + INTERVAL 1 DAY`,
    value: 'datetime::VARCHAR',
    problem: 'a time before 1990 or in the future, as cameras give whose clocks were not set',
  });
}

/** Counts the frames that something is odd about, and shows the first. */
async function warnOfFrames(
  { database, onWarning }: StagingContext,
  frameRows: RowSource,
  { where, value, problem }: { readonly where: string; readonly value: string; readonly problem: string },
): Promise<void> {
  const odd = `frames WHERE (${where}) AND NOT ${IS_OTHER_SEASON}`;
  const { frames } = await database.row<{ frames: number }>(`SELECT count(*) AS frames FROM ${odd}`);
  if (frames === 0) return;
  await frameRows.number?.();
  const { first, text } = await database.row<{ first: number; text: string }>(
    `SELECT min(ordinal) AS first, arg_min(${value}, ordinal) AS text FROM ${odd}`,
  );
  const place = (await frameRows.places([first])).get(first) ?? { file: frameRows.name };
  onWarning({
    message: `${counted(frames, 'frame has', 'frames have')} ${problem}, the first at ${describePlace(place)}: ${text}`,
    details: { frames, value: text, ...place },
  });
}
