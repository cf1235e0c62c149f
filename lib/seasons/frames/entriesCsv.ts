import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { SerengetiError } from '../../contracts/errors';
import { writeStreamAtomic } from '../../io/files';
import type { Entry, RejectedEntry } from '../../zip/table';

/**
 * `entries.csv`: the frames of a season, one row each, in the archives' order. `offset` is of the local header in the
 * archive, `crc32` eight hexadecimal digits, `method` 0 (stored) or 8 (deflated).
 */
export const ENTRIES_CSV = 'entries.csv';
export const REJECTED_CSV = 'rejected.csv';

const ENTRY_COLUMNS = ['name', 'archive', 'offset', 'compressedBytes', 'bytes', 'crc32', 'method'] as const;
const REJECTED_COLUMNS = ['name', 'reason', 'byte', 'archive', 'code'] as const;
/** Rows are handed on in blocks: a stream item a row would cost more than the row. */
const BLOCK = 64 << 10;

/** What both lists say in sum. */
export interface Extraction {
  readonly entries: number;
  /** Of all frames, unpacked. */
  readonly frameBytes: number;
  readonly rejected: number;
}

export async function writeEntriesCsv(path: string, entries: Iterable<Entry>, signal?: AbortSignal): Promise<void> {
  const rows = function* (): Generator<string> {
    for (const { name, archive, offset, compressedBytes, bytes, crc32, method } of entries) {
      const crc = crc32.toString(16).padStart(8, '0');
      yield `${quoted(name)},${quoted(archive)},${offset},${compressedBytes},${bytes},${crc},${method}\n`;
    }
  };
  await writeRows(path, ENTRY_COLUMNS, rows(), signal);
}

export async function writeRejectedCsv(
  path: string,
  rejected: Iterable<RejectedEntry>,
  signal?: AbortSignal,
): Promise<void> {
  const rows = function* (): Generator<string> {
    for (const { name, reason, byte, archive, code } of rejected) {
      yield `${quoted(name)},${quoted(reason)},${byte},${quoted(archive)},${code}\n`;
    }
  };
  await writeRows(path, REJECTED_COLUMNS, rows(), signal);
}

/**
 * Writes both lists of frames that are there one by one, sorted as they are given: `entries.csv` last, for with it they
 * are listed.
 */
export async function writeFrameLists(
  directory: string,
  entries: readonly Entry[],
  rejected: readonly RejectedEntry[],
  signal?: AbortSignal,
): Promise<Extraction> {
  await writeRejectedCsv(join(directory, REJECTED_CSV), rejected, signal);
  await writeEntriesCsv(join(directory, ENTRIES_CSV), entries, signal);
  const frameBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return { entries: entries.length, frameBytes, rejected: rejected.length };
}

async function writeRows(
  path: string,
  columns: readonly string[],
  rows: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  await writeStreamAtomic(path, Readable.from(blocks(columns, rows)), signal);
}

function* blocks(columns: readonly string[], rows: Iterable<string>): Generator<Buffer> {
  let text = `${columns.join(',')}\n`;
  for (const row of rows) {
    text += row;
    if (text.length < BLOCK) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * Reads `entries.csv` row by row.
 *
 * @throws SerengetiError ARTIFACT_CORRUPT, naming file and line
 */
export async function* readEntriesCsv(path: string, signal?: AbortSignal): AsyncGenerator<Entry> {
  for await (const { record, line } of readRows(path, ENTRY_COLUMNS, signal)) yield entryOf(path, record, line);
}

/**
 * Reads why entries are left out, by name.
 *
 * @throws SerengetiError ARTIFACT_CORRUPT, naming file and line
 */
export async function readRejectedCsv(path: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  for await (const { record, line } of readRows(path, REJECTED_COLUMNS, signal)) {
    const [name, reason] = record;
    if (name === undefined || reason === undefined) throw corrupt(path, line, `has ${record.length} values`);
    reasons.set(name, reason);
  }
  return reasons;
}

async function* readRows(
  path: string,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly record: string[]; readonly line: number }> {
  const rows = parse({ info: true, from_line: 1 });
  // What ends the reading ends the loop below, with the reason.
  pipeline(createReadStream(path, { signal }), rows, () => undefined);
  try {
    for await (const { record, info } of rows as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (info.lines > 1) yield { record, line: info.lines };
      else if (record.join(',') !== columns.join(',')) {
        throw corrupt(path, 1, `has the columns ${record.join(',')} instead of ${columns.join(',')}`);
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? corrupt(path, rows.info.lines, `is no CSV: ${error.message}`) : error;
  }
}

function entryOf(path: string, record: readonly string[], line: number): Entry {
  const [name = '', archive = '', offset, compressedBytes, bytes, crc, method] = record;
  const entry = {
    name,
    archive,
    offset: Number(offset),
    compressedBytes: Number(compressedBytes),
    bytes: Number(bytes),
    crc32: Number.parseInt(crc ?? '', 16),
    method: Number(method),
  };
  const numbers = [entry.offset, entry.compressedBytes, entry.bytes, entry.crc32, entry.method];
  if (numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) return entry;
  throw corrupt(path, line, `has values that are not numbers: ${record.slice(2).join(',')}`);
}

function corrupt(path: string, line: number, problem: string): SerengetiError {
  return new SerengetiError('ARTIFACT_CORRUPT', `${path}, line ${line}: ${problem}`, { details: { path, line } });
}
