import type { SeasonMetadata } from '../../contracts/catalog';
import { quoted, quotedList, type Database } from '../database';
import { REJECTED_ALWAYS, allowedRejections, type Place, type Rejections } from '../rejections';

/**
 * What every format is turned into before anything else happens: two tables and the labels.
 *
 * - `frames`: ordinal, season, sequence, site, roll, file_name, position, datetime, undated, width, height, corrupt.
 *   `position` orders the frames of a sequence where the format says how; `undated` marks a time that cannot be read.
 * - `label_sets`: ordinal, season, sequence, pattern. One row a sequence; `pattern` lists positions in `labels`, each
 *   followed by a comma. `season` is `NULL` where only the frames can tell it.
 */
export interface Staged {
  /** All labels that the files know, as they write them. */
  readonly labels: readonly string[];
  readonly frameRows: RowSource;
  readonly labelRows: RowSource;
}

/** A file whose rows have ordinals. */
export interface RowSource {
  readonly name: string;
  /** Where rows are. Reads the file again: for errors only. */
  places(ordinals: readonly number[]): Promise<Map<number, Place>>;
}

/** What the reader of a format is given. */
export interface StagingContext {
  readonly database: Database;
  /** Existing folder for temporary files. */
  readonly scratch: string;
  /** The seasons that are wanted; all have the same metadata. */
  readonly seasons: readonly string[];
  /** Whether other seasons are in the same files too, so that each row has to tell its own. */
  readonly shared: boolean;
  /** Local path of one of the season's metadata files, by its path in the catalog. */
  readonly localPath: (path: string) => string;
  readonly rejections: Rejections;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
}

export type FormatReader<M extends SeasonMetadata = SeasonMetadata> = (
  metadata: M,
  context: StagingContext,
) => Promise<Staged>;

export const FRAMES_TABLE = `CREATE TABLE frames (
  ordinal BIGINT, season VARCHAR, sequence VARCHAR, site VARCHAR, roll VARCHAR, file_name VARCHAR, position INTEGER,
  datetime TIMESTAMP, undated BOOLEAN, width INTEGER, height INTEGER, corrupt BOOLEAN)`;

export const LABEL_SETS_TABLE = `CREATE TABLE label_sets (
  ordinal BIGINT, season VARCHAR, sequence VARCHAR, pattern VARCHAR)`;

/** `SER_S1#B04#1#1`: season, site, roll, capture. */
const SEASON_PREFIX = 'SER_';

/** SQL: the season that a sequence's name tells, else `NULL`. */
export function seasonOfSequence(sequence: string): string {
  const start = SEASON_PREFIX.length + 1;
  return `if(starts_with(${sequence}, '${SEASON_PREFIX}') AND contains(${sequence}, '#'),
    split_part(${sequence}[${start}:], '#', 1), NULL)`;
}

/**
 * SQL: the season of a frame. The sequence's name tells it, else the first folder of the file's name, else, in files
 * that are one season's alone, there is no other.
 */
export function seasonOfFrame(sequence: string, fileName: string, { seasons, shared }: StagingContext): string {
  const told = seasonOfSequence(sequence);
  if (!shared) return `coalesce(${told}, ${quoted(seasons[0] ?? '')})`;
  const folder = `split_part(${fileName}, '/', 1)`;
  const stripped = `if(starts_with(${folder}, '${SEASON_PREFIX}'), ${folder}[${SEASON_PREFIX.length + 1}:], ${folder})`;
  return `coalesce(${told}, if(contains(${fileName}, '/'), ${stripped}, NULL))`;
}

/** SQL: whether a row belongs to the wanted seasons, or does not say. */
export function isWanted(season: string, { seasons }: StagingContext): string {
  return `(${season} IS NULL OR list_contains(${quotedList(seasons)}, ${season}))`;
}

/** SQL: the site that a sequence's name tells, else `NULL`. */
export function siteOfSequence(sequence: string): string {
  return `if(starts_with(${sequence}, '${SEASON_PREFIX}'), nullif(split_part(${sequence}, '#', 2), ''), NULL)`;
}

/** SQL: the roll that a sequence's name tells, else `NULL`. */
export function rollOfSequence(sequence: string): string {
  return `if(starts_with(${sequence}, '${SEASON_PREFIX}'), nullif(split_part(${sequence}, '#', 3), ''), NULL)`;
}

/** SQL: the folder of a file's name, else `NULL`. */
export function folderOf(fileName: string): string {
  return `nullif(array_to_string(string_split(${fileName}, '/')[:-2], '/'), '')`;
}

/** SQL: local time, without fraction and offset from UTC: activity follows the sun, not Greenwich. */
export function localTime(text: string): string {
  const seconds = `if(length(${text}) > 19, ${text}[:19], ${text})`;
  return `coalesce(try_cast(${seconds} AS TIMESTAMP), try_strptime(${seconds}, '%Y:%m:%d %H:%M:%S'))`;
}

/** SQL: an integer, or `NULL` where there is none (LILA's JSON has bare `NaN`s). */
export function integer(text: string): string {
  return `try_cast(${text} AS INTEGER)`;
}

/** A rule that rows of a table must keep. */
export interface RowCheck {
  readonly table: string;
  readonly source: RowSource;
  /** SQL: what is wrong with the row, `NULL` when nothing is. */
  readonly problem: string;
  /** SQL: the value that is wrong. */
  readonly value: string;
  /** Rows that were left out before they came to the table. */
  readonly leftOut?: number;
}

/**
 * Moves the rows with a problem from the table to the rejections.
 *
 * @throws SerengetiError METADATA_INVALID when they are too many
 */
export async function rejectRows(
  { database, rejections }: Pick<StagingContext, 'database' | 'rejections'>,
  { table, source, problem, value, leftOut = 0 }: RowCheck,
): Promise<void> {
  const checked = `(SELECT ordinal, ${problem} AS problem, ${value} AS value FROM ${table})`;
  const { rows, bad } = await database.row<{ rows: number; bad: number }>(
    `SELECT count(*) AS rows, count(problem) AS bad FROM ${checked}`,
  );
  if (bad > 0) {
    const listed = bad + leftOut > allowedRejections(rows + leftOut) ? REJECTED_ALWAYS : bad;
    const found = await database.rows<{ ordinal: number; problem: string; value: string | null }>(
      `SELECT ordinal, problem, value::VARCHAR AS value FROM ${checked} WHERE problem IS NOT NULL
       ORDER BY ordinal LIMIT ${listed}`,
    );
    const places = await source.places(found.map(({ ordinal }) => ordinal));
    for (const row of found) {
      const place = places.get(row.ordinal) ?? { file: source.name };
      rejections.add({ ...place, reason: row.problem, value: row.value ?? '' });
    }
  }
  rejections.checkThreshold(source.name, rows + leftOut, bad + leftOut);
  if (bad > 0) await database.run(`DELETE FROM ${table} WHERE (${problem}) IS NOT NULL`);
}
