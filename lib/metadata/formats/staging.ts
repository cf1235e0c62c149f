import type { SeasonMetadata } from '../../contracts/catalog';
import type { Warning } from '../../contracts/progress';
import type { Database } from '../database';
import type { Place, Rejections } from '../rejections';

/**
 * What every format is turned into before anything else happens: a table of frames, one of sequences' labels, and the
 * labels themselves. Formats fill the columns that they have; {@link FRAMES_COLUMNS} gives the others.
 *
 * - `frame_rows`: see {@link FRAMES_COLUMNS}.
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
  /** Whether there was a time that could not be read. */
  undated: 'BOOLEAN',
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
  const selected = Object.entries(FRAMES_COLUMNS).map(([name, type]) =>
    columns.some((column) => column === name) ? name : `NULL::${type} AS ${name}`,
  );
  await database.run(`CREATE TEMP VIEW frames AS SELECT ${selected.join(', ')} FROM frame_rows`);
}
