import { parse, type CsvError, type Info } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../../contracts/errors';
import { temporaryPath } from '../../io/files';
import { messageOf, quoted, quotedList, type Database } from '../database';
import type { Place, Rejection } from '../rejections';
import { csvLine } from '../../io/csvText';
import { asRefusal } from '../../io/systemErrors';

const HEADER_CHARACTERS = 1 << 20;
const RECORD_CHARACTERS = 1 << 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What a format allows in its CSV files beyond RFC 4180. */
export interface Dialect {
  /** Texts that stand for no value. */
  readonly missing: readonly string[];
  /** Whether cells at the end of a row may be left out. */
  readonly shortRows: boolean;
}

const PLAIN: Dialect = { missing: [''], shortRows: false };

type Problem = Pick<Rejection, 'column' | 'reason' | 'value'>;

/**
 * A CSV file with a header (RFC 4180, UTF-8, comma). The database reads it; what that refuses, and where exactly, is
 * for csv-parse to say, which is slower and reads only files that have something wrong.
 */
export class CsvFile {
  /**
   * Blanks around the names of columns are no part of them.
   *
   * @param name - what to call it in messages.
   * @throws SerengetiError METADATA_INVALID when the header is missing, repeats a column or cannot be read
   */
  static async open(path: string, name: string, dialect = PLAIN): Promise<CsvFile> {
    const header = (await readHeader(path, name)).map((column) => column.trim());
    const repeated = header.findIndex((column, position) => header.indexOf(column) !== position);
    if (repeated !== -1) {
      throw invalid(`${name}, line 1: column ${repeated + 1} repeats the name "${header[repeated]}"`, name);
    }
    return new CsvFile(path, name, header, dialect);
  }

  readonly name: string;
  readonly header: readonly string[];
  readonly path: string;
  readonly #dialect: Dialect;
  /** A copy without the rows that are no CSV, once it was needed. */
  #clean: string | undefined;

  private constructor(path: string, name: string, header: readonly string[], dialect: Dialect) {
    this.path = path;
    this.#dialect = dialect;
    this.name = name;
    this.header = header;
  }

  /** @throws SerengetiError METADATA_INVALID naming the columns that are not there */
  requireColumns(columns: readonly string[]): void {
    const missing = columns.filter((column) => !this.header.includes(column));
    if (missing.length === 0) return;
    const names = missing.map((column) => `"${column}"`).join(', ');
    throw invalid(`${this.name}, line 1: there is no column ${names}; it has ${this.header.join(', ')}`, this.name);
  }

  /**
   * Runs a statement that reads the file. Rows that are no proper CSV are left out and reported, the first time.
   *
   * @param scratch - existing folder for a cleaned copy, should one be needed.
   * @param rows - SQL of the rows, made of SQL of the file; see `numbered` and `unnumbered`.
   * @param statement - made of those rows.
   * @param onBad - receives each row that was left out.
   */
  async load(
    database: Database,
    scratch: string,
    rows: (source: string) => string,
    statement: (rows: string) => string,
    onBad: (rejection: Rejection) => void,
  ): Promise<void> {
    const run = (path: string): Promise<void> => database.inParallel(statement(rows(this.#source(path))));
    try {
      await run(this.#clean ?? this.path);
    } catch (error) {
      if (!isCsvError(error) || this.#clean !== undefined) throw asInvalid(error, this.name);
      const clean = temporaryPath(`${scratch}/clean.csv`);
      await this.#writeClean(clean, onBad);
      this.#clean = clean;
      await this.load(database, scratch, rows, statement, onBad);
    }
  }

  /** Where the rows with these ordinals begin. */
  async places(ordinals: readonly number[]): Promise<Map<number, Place>> {
    const wanted = new Set(ordinals);
    if (wanted.size === 0) return new Map();
    const starts: [ordinal: number, start: number][] = [];
    let ordinal = 0;
    await this.#walk(
      (_record, start) => {
        if (wanted.has(ordinal)) starts.push([ordinal, start]);
        ordinal += 1;
      },
      () => undefined,
    );
    const lines = await linesAt(
      this.path,
      starts.map(([, start]) => start),
    );
    return new Map(starts.map(([row], position) => [row, { file: this.name, line: lines[position] }]));
  }

  #source(path: string): string {
    const { missing, shortRows } = this.#dialect;
    const types = this.header.map((column) => `${quoted(column)}: 'VARCHAR'`).join(', ');
    return `read_csv(${quoted(path)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
      nullstr = ${quotedList(missing)}, ${shortRows ? 'null_padding = true, parallel = false,' : ''} columns = {${types}})`;
  }

  async #writeClean(path: string, onBad: (rejection: Rejection) => void): Promise<void> {
    const bad: (Problem & { start: number })[] = [];
    const output = await open(path, 'wx');
    try {
      let text = csvLine(this.header);
      const write = async (): Promise<void> => {
        await output.appendFile(text);
        text = '';
      };
      await this.#walk(
        (record) => {
          text += csvLine(record);
        },
        (problem, start) => bad.push({ ...problem, start }),
        write,
      );
      await write();
    } catch (error) {
      throw asRefusal(error, path);
    } finally {
      await output.close();
    }
    const lines = await linesAt(
      this.path,
      bad.map(({ start }) => start),
    );
    bad.forEach(({ start: _start, ...problem }, position) =>
      onBad({ file: this.name, line: lines[position], ...problem }),
    );
  }

  /** Visits the good and the bad rows below the header in their order, with the byte that the one before ends at. */
  async #walk(
    onRecord: (record: string[], start: number) => void,
    onBad: (problem: Problem, start: number) => void,
    afterChunk: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    let start = 0;
    let isHeader = true;
    const parser = parse({
      bom: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      relax_column_count_less: this.#dialect.shortRows,
      max_record_size: RECORD_CHARACTERS,
      on_record: (record: string[], { bytes }: Info) => {
        if (isHeader) isHeader = false;
        else onRecord(record, start);
        start = bytes;
        return null;
      },
      on_skip: (error) => {
        onBad(diagnosis(error, this.header.length), start);
        start = Number(error?.['bytes'] ?? start);
      },
    });
    const chunks = createReadStream(this.path);
    const paced = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        yield chunk;
        await afterChunk();
      }
    };
    // The parser hands its records to the callbacks; nothing comes out of it.
    await pipeline(paced, parser, new PassThrough({ objectMode: true }).resume());
  }
}

/** Lines of the first characters at or after byte offsets that are no line breaks. */
async function linesAt(path: string, ascending: readonly number[]): Promise<number[]> {
  const lines: number[] = [];
  let [line, offset] = [1, 0];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (byte === LINE_FEED) line += 1;
      else if (byte !== CARRIAGE_RETURN && lines.length < ascending.length) {
        while (offset >= ascending[lines.length]!) lines.push(line);
      }
      offset += 1;
    }
    if (lines.length === ascending.length) break;
  }
  return lines;
}

async function readHeader(path: string, name: string): Promise<string[]> {
  const start = createReadStream(path, { end: HEADER_CHARACTERS - 1 });
  const parser = start.pipe(parse({ bom: true, to_line: 1, relax_quotes: true, max_record_size: HEADER_CHARACTERS }));
  start.once('error', (error) => parser.destroy(error));
  try {
    for await (const record of parser) return record as string[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    throw invalid(`${name}, line 1: the header cannot be read: ${(error as Error).message}`, name, error);
  } finally {
    start.destroy();
  }
  throw invalid(`${name} is empty; its first line must name the columns`, name);
}

function diagnosis(error: CsvError | undefined, columns: number): Problem {
  const record = (error?.['record'] ?? []) as string[];
  switch (error?.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return {
        column: Math.min(record.length, columns) + 1,
        reason: `has ${record.length} values where the header has ${columns}`,
        value: record.join(','),
      };
    case 'CSV_QUOTE_NOT_CLOSED':
      return { reason: 'a quote is opened and never closed', value: '' };
    default:
      return { reason: error?.message ?? 'is not CSV', value: record.join(',') };
  }
}

/** What the database says of a CSV that it cannot read, in a line. */
export function asInvalid(error: unknown, name: string): unknown {
  if (!isCsvError(error)) return error;
  const [, line] = /CSV Error on Line: (\d+)/.exec(messageOf(error)) ?? [];
  const place = line === undefined ? name : `${name}, line ${line}`;
  const reasons = messageOf(error)
    .split('\n')
    .filter((text) => text.trim() !== '' && !/^(Invalid Input Error|Original Line)/.test(text));
  return invalid(`${place}: ${reasons[0] ?? 'is no CSV'}`, name, error);
}

function isCsvError(error: unknown): boolean {
  return /^Invalid Input Error:.*CSV/s.test(messageOf(error));
}

function invalid(message: string, file: string, cause?: unknown): SerengetiError {
  return new SerengetiError('METADATA_INVALID', message, { cause, details: { file } });
}
