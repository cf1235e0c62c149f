import type { SeasonMetadata } from '../../contracts/catalog';
import type { Warning } from '../../contracts/progress';
import type { Database } from '../database';
import type { Place, Rejections } from '../rejections';
import { dayAndMonth, timeWithYearLast } from './values';

/**
 * What every format is turned into before anything else happens: a table of frames, one of sequences' labels, and the
 * labels themselves. Formats fill the columns that they have; {@link FRAMES_COLUMNS} gives the others.
 *
 * - `frame_rows`: see {@link FRAMES_COLUMNS}; for `undated` it has `other_time`, see {@link otherTime}.
 * - `label_sets`: ordinal, season (`NULL` where only the frames tell it), sequence, pattern. One row a sequence; there
 *   are few different patterns, each of which stands for a set of labels.
 */
export interface Staged {
  /** The labels that a pattern stands for, as the files write them. */
  labelsOf(pattern: string): readonly string[];
  readonly frameRows: RowSource;
  readonly labelRows: RowSource;
}

/** Columns of `frames`, the view of `frame_rows` that has them all, with what stands for those that a format lacks. */
export const FRAMES_COLUMNS = {
  /** Of the row in its file, from 0; see {@link RowSource.number}. */
  ordinal: 'BIGINT',
  /** Position in `seasons`; every frame has one once it was checked. */
  season: 'SMALLINT',
  sequence: 'VARCHAR',
  file_name: 'VARCHAR',
  site: 'VARCHAR',
  /** Orders the frames of a sequence; without it their names do. */
  position: 'INTEGER',
  datetime: 'TIMESTAMP',
  /** Text of a time that could not be read. */
  undated: 'VARCHAR',
  width: 'INTEGER',
  height: 'INTEGER',
  corrupt: 'BOOLEAN',
} as const;

export type FramesColumn = keyof typeof FRAMES_COLUMNS;

/** A file whose rows are in a table. */
export interface RowSource {
  readonly name: string;
  /** Gives the table's rows their ordinals, where that was put off: the table is then made anew. */
  number?(): Promise<void>;
  /** Where rows are. Reads the file again: for errors only. */
  places(ordinals: readonly number[]): Promise<Map<number, Place>>;
}

/** Which of a file's rows are wanted. */
export interface SeasonScope {
  /** The seasons that are wanted; all have the same metadata. */
  readonly seasons: readonly string[];
  /** All seasons of the catalog with this metadata. When there are others, each row has to tell its own. */
  readonly sharing: readonly string[];
}

/** What the reader of a format is given. */
export interface StagingContext extends SeasonScope {
  readonly database: Database;
  /** Existing folder for temporary files. */
  readonly scratch: string;
  /** Local path of one of the season's metadata files, by its path in the catalog. */
  readonly localPath: (path: string) => string;
  readonly rejections: Rejections;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
  readonly onWarning: (warning: Warning) => void;
}

export type FormatReader<M extends SeasonMetadata = SeasonMetadata> = (
  metadata: M,
  context: StagingContext,
) => Promise<Staged>;

/** Makes the view `frames` of a `frame_rows` that has these columns. */
export async function makeFramesView(database: Database, columns: readonly FramesColumn[]): Promise<void> {
  const time = await timeOfRow(database);
  const made: Partial<Record<FramesColumn, string>> = {
    datetime: time,
    undated: `if(${time} IS NULL, other_time, NULL)`,
  };
  const selected = Object.entries(FRAMES_COLUMNS).map(([name, type]) => {
    const column = columns.find((candidate) => candidate === name);
    return column === undefined ? `NULL::${type} AS ${name}` : `${made[column] ?? name} AS ${name}`;
  });
  await database.run(`CREATE TEMP VIEW frames AS SELECT ${selected.join(', ')} FROM frame_rows`);
}

/**
 * SQL: the time of a row of `frame_rows`. Whether 5/6/19 is in May or in June, the other times of the season tell: where
 * one of them has a number over twelve in one of the two places, and none in the other.
 */
async function timeOfRow(database: Database): Promise<string> {
  const orders = await database.rows<{ season: number; days: number; months: number }>(
    `SELECT season, count(*) FILTER (try_cast(numbers.a AS INTEGER) > 12) AS days,
       count(*) FILTER (try_cast(numbers.b AS INTEGER) > 12) AS months
     FROM (SELECT season, ${dayAndMonth('other_time')} AS numbers FROM frame_rows WHERE other_time IS NOT NULL)
     WHERE season IS NOT NULL GROUP BY season`,
  );
  const decided = orders.flatMap(({ season, days, months }) => {
    if (days > 0 === months > 0) return [];
    return [`WHEN ${season} THEN ${timeWithYearLast('other_time', days > 0 ? 'day' : 'month')}`];
  });
  return decided.length === 0 ? 'datetime' : `coalesce(datetime, CASE season ${decided.join(' ')} END)`;
}
