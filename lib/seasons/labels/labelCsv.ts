import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { parse } from 'csv-parse/sync';
import { SerengetiError } from '../../contracts/errors';
import type { LabelledPhotograph } from './labelledPhotograph';

/** A row by the names of its columns, in lower case. */
type Row = Readonly<Record<string, string>>;

/** A program's way of writing labels into a CSV. */
interface Dialect {
  readonly name: string;
  /** Columns by which it is known, in lower case. */
  readonly columns: readonly string[];
  read(row: Row): LabelledPhotograph | undefined;
}

const FILE = ['filepath', 'file_path', 'file', 'filename', 'file_name', 'path', 'image'];
const LABEL = ['label', 'labels', 'species', 'class', 'category', 'animal', 'common_name'];
const SITE = ['site', 'location', 'station', 'camera', 'deployment'];
const TIME = ['time', 'datetime', 'date_time', 'timestamp', 'date'];
const CLASSIFIED_BY = ['classified_by', 'classifiedby', 'identified_by', 'observer'];
const SEQUENCE = ['sequence', 'sequence_id', 'seq_id', 'event', 'event_id'];

const TIMELAPSE: Dialect = {
  name: 'Timelapse',
  columns: ['file', 'relativepath'],
  read(row) {
    if (row.deleteflag?.toLowerCase() === 'true') return undefined;
    const folder = slashed(row.relativepath!);
    const time = row.datetime ?? (row.date === undefined ? undefined : `${row.date} ${row.time ?? ''}`);
    return { file: posix.join(folder, row.file!), labels: labelsIn(first(row, LABEL)), site: folder, time };
  },
};

/** `images.csv` of an export: a row an identification. */
const WILDLIFE_INSIGHTS: Dialect = {
  name: 'Wildlife Insights',
  columns: ['deployment_id', 'image_id', 'is_blank'],
  read(row) {
    const named = row.common_name || [row.genus, row.species].join(' ').trim();
    const isBlank = ['1', 'true', 'yes'].includes(row.is_blank!.toLowerCase());
    return {
      file: row.filename || posix.basename(row.location ?? ''),
      labels: isBlank ? ['blank'] : labelsIn(named),
      site: row.deployment_id,
      time: row.timestamp,
      sequence: row.sequence_id,
    };
  },
};

const PLAIN: Dialect = {
  name: 'filepath,label',
  columns: [],
  read: (row) => ({
    file: slashed(first(row, FILE) ?? ''),
    labels: labelsIn(first(row, LABEL)),
    site: first(row, SITE),
    time: first(row, TIME),
    sequence: first(row, SEQUENCE),
    classifiedBy: first(row, CLASSIFIED_BY),
  }),
};

/**
 * Labels of a CSV: `filepath,label`, with `site`, `time`, `sequence` and `classified_by` where they are known, or as Timelapse and
 * Wildlife Insights export them. Several rows of a photograph are several labels of it.
 *
 * @throws SerengetiError METADATA_INVALID with file, line and column
 */
export async function readLabelCsv(path: string): Promise<LabelledPhotograph[]> {
  const rows = await readRows(path);
  const columns = Object.keys(rows[0] ?? {});
  const dialect =
    [WILDLIFE_INSIGHTS, TIMELAPSE].find((each) => each.columns.every((column) => columns.includes(column))) ?? PLAIN;
  if (dialect === PLAIN) expectOneOf(path, columns, FILE);
  if (dialect !== WILDLIFE_INSIGHTS) expectOneOf(path, columns, LABEL);
  return rows.flatMap((row, position) => {
    const photograph = dialect.read(row);
    if (photograph === undefined) return [];
    if (photograph.file !== '') return [photograph];
    throw invalid(`${path}, row ${position + 1}: names no file`);
  });
}

async function readRows(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8');
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = [';', '\t'].find((sign) => header.split(sign).length > header.split(',').length) ?? ',';
  try {
    return parse<Row>(text, {
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      bom: true,
      delimiter,
      trim: true,
      skip_empty_lines: true,
    });
  } catch (cause) {
    throw invalid(`${path}: ${(cause as Error).message}`, cause);
  }
}

function expectOneOf(path: string, columns: readonly string[], names: readonly string[]): void {
  if (names.some((name) => columns.includes(name))) return;
  throw invalid(`${path} has no column ${names.join(', ')}; it has ${columns.join(', ') || 'no rows'}`);
}

/** Of the first column that is there. */
function first(row: Row, columns: readonly string[]): string | undefined {
  const column = columns.find((name) => row[name] !== undefined);
  return column === undefined ? undefined : row[column];
}

function labelsIn(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : [text];
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function invalid(message: string, cause?: unknown): SerengetiError {
  return new SerengetiError('METADATA_INVALID', message, { cause });
}
