import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse, type CsvError } from 'csv-parse';
import { SerengetiError } from '../../contracts/errors';
import { csvLine } from '../../io/csvText';
import { temporaryPath } from '../../io/files';

const HEAD_BYTES = 1 << 16;
const RECORD_CHARACTERS = 1 << 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Of the bytes in every second place; a text of Latin letters in UTF-16 has more zeros there. */
const ZEROS_OF_UTF16 = 0.3;
const DELIMITERS = [',', ';', '\t'] as const;

/** What Windows-1252 has where Latin-1 has control characters, 80 to 9f; places that it leaves free stay as they are. */
const WINDOWS_SIGNS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

type Utf16 = 'utf-16le' | 'utf-16be';

/**
 * A CSV as the database reads it: UTF-8, commas, one kind of line end. Other files (what Excel and Windows write: UTF-16,
 * Windows-1252, semicolons, tabs, mixed line ends) are rewritten, each row in the lines that it had.
 *
 * @param scratch - existing folder for the rewritten file
 * @returns `path` where nothing has to be done
 */
export async function asPlainCsv(
  path: string,
  name: string,
  { scratch, signal }: { readonly scratch: string; readonly signal: AbortSignal | undefined },
): Promise<string> {
  const head = await headOf(path);
  const utf16 = utf16Of(head);
  const delimiter = delimiterOf(new TextDecoder(utf16 ?? 'utf-8').decode(head));
  if (utf16 === undefined && delimiter === ',' && (await isPlain(path, signal))) return path;
  const rewritten = temporaryPath(`${scratch}/plain.csv`);
  const text = withLineFeeds(utf16 === undefined ? eightBitText(path) : utf16Text(path, utf16));
  const rows = delimiter === ',' ? text : withCommas(text, delimiter, name);
  await pipeline(Readable.from(rows), createWriteStream(rewritten), { signal });
  return rewritten;
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function utf16Of(head: Buffer): Utf16 | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2]! += 1;
  const enough = (ZEROS_OF_UTF16 * head.length) / 2;
  if (zeros[1]! > enough) return 'utf-16le';
  return zeros[0]! > enough ? 'utf-16be' : undefined;
}

/** The one that is most often in the first line, quoted cells aside. */
function delimiterOf(head: string): (typeof DELIMITERS)[number] {
  const line = /^[^\r\n]*/.exec(head.replace(/"(?:[^"]|"")*"/g, ''))![0];
  const count = (delimiter: string): number => line.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

/** Whether a file is UTF-8 with one kind of line end. */
async function isPlain(path: string, signal: AbortSignal | undefined): Promise<boolean> {
  let [feeds, returns, pairs] = [0, 0, 0];
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
    const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    const end = wholeCharacters(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) return false;
    for (let at = whole.indexOf(LINE_FEED); at !== -1; at = whole.indexOf(LINE_FEED, at + 1)) {
      feeds += 1;
      if (whole[at - 1] === CARRIAGE_RETURN) pairs += 1;
    }
    for (let at = whole.indexOf(CARRIAGE_RETURN); at !== -1; at = whole.indexOf(CARRIAGE_RETURN, at + 1)) returns += 1;
    carried = bytes.subarray(end);
  }
  if (carried.length > 0 && !isUtf8(carried)) return false;
  if (carried.length > 0 && carried.at(-1) === CARRIAGE_RETURN) returns += 1;
  return returns === 0 || (returns === pairs && feeds === pairs);
}

/** Where the last character that may be incomplete begins; a line end may be in two chunks, too. */
function wholeCharacters(bytes: Buffer): number {
  for (let end = bytes.length; end > Math.max(0, bytes.length - 4); end--) {
    const last = bytes[end - 1]!;
    if (last === CARRIAGE_RETURN || last >= 0xc0) return end - 1;
    if (last < 0x80) return end;
  }
  return bytes.length;
}

async function* utf16Text(path: string, encoding: Utf16): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>)
    yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** UTF-8, and lines that are no UTF-8 as Windows-1252. */
async function* eightBitText(path: string): AsyncGenerator<string> {
  let carried: Buffer = Buffer.alloc(0);
  const textOf = (line: Buffer): string => (isUtf8(line) ? line.toString('utf8') : windows1252(line));
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([carried, chunk]);
    let start = 0;
    let text = '';
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, start)) {
      text += textOf(bytes.subarray(start, at + 1));
      start = at + 1;
    }
    carried = bytes.subarray(start);
    yield text;
  }
  yield textOf(carried);
}

/** Node's own decoder of this name takes it for Latin-1. */
function windows1252(line: Buffer): string {
  return line.toString('latin1').replace(/[\x80-\x9f]/g, (character) => WINDOWS_SIGNS[character.charCodeAt(0) - 0x80]!);
}

async function* withLineFeeds(source: AsyncIterable<string>): AsyncGenerator<string> {
  let carried = '';
  for await (const chunk of source) {
    const text = carried + chunk;
    carried = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - carried.length).replace(/\r\n?/g, '\n');
  }
  if (carried !== '') yield '\n';
}

async function* withCommas(source: AsyncIterable<string>, delimiter: string, name: string): AsyncGenerator<string> {
  const parser = parse({
    delimiter,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: RECORD_CHARACTERS,
  });
  const input = Readable.from(source);
  input.once('error', (error) => parser.destroy(error));
  try {
    for await (const record of input.pipe(parser) as AsyncIterable<string[]>) yield csvLine(record);
  } catch (error) {
    const { message, lines } = error as CsvError & { lines?: number };
    throw new SerengetiError('METADATA_INVALID', `${name}, line ${lines ?? '?'}: ${message}`, { cause: error });
  }
}
