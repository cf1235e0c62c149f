import { promisify } from 'node:util';
import { crc32, inflateRaw, inflateRawSync } from 'node:zlib';
import { problemOf, type EntryProblem } from './entryProblem';
import { DEFLATED, type Entry } from './table';

/** Below this, handing the work to another thread costs more than it saves. */
const INFLATE_HERE_BYTES = 16 << 10;
/** Of zlib's output buffer, as Node demands. */
const SMALLEST_CHUNK = 64;

interface InflateOptions {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
}

const inflateElsewhere = promisify(inflateRaw) as (packed: Uint8Array, options: InflateOptions) => Promise<Buffer>;

/**
 * Unpacks an entry on this thread.
 *
 * @throws EntryProblem ENTRY_CORRUPT when size or CRC-32 are wrong; ARCHIVE_HOSTILE when there is more than announced
 */
export function unpackHere(entry: Entry, packed: Buffer): Buffer {
  if (entry.method !== DEFLATED) return checked(entry, packed);
  let bytes: Buffer;
  try {
    bytes = inflateRawSync(packed, optionsOf(entry));
  } catch (error) {
    throw inflateProblem(entry, error);
  }
  return checked(entry, bytes);
}

/** The same on another thread, where that is worth it: this one stays free. */
export async function unpackElsewhere(entry: Entry, packed: Buffer): Promise<Buffer> {
  if (entry.method !== DEFLATED || entry.bytes <= INFLATE_HERE_BYTES) return unpackHere(entry, packed);
  let bytes: Buffer;
  try {
    bytes = await inflateElsewhere(packed, optionsOf(entry));
  } catch (error) {
    throw inflateProblem(entry, error);
  }
  return checked(entry, bytes);
}

/**
 * One more than announced: zlib stops a bomb there, and a full buffer is told from an overflowing one. Output in one
 * piece, because each further one is a round trip.
 */
function optionsOf({ bytes }: Entry): InflateOptions {
  return { maxOutputLength: bytes + 1, chunkSize: Math.max(bytes + 1, SMALLEST_CHUNK) };
}

/** What zlib says of an entry's bytes, as a problem of the entry. */
export function inflateProblem(entry: Entry, error: unknown): EntryProblem {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    ? problemOf(entry, 'ARCHIVE_HOSTILE', `unpacks to more than the ${entry.bytes} bytes it announces`, error)
    : problemOf(entry, 'ENTRY_CORRUPT', `cannot be unpacked: ${(error as Error).message}`, error);
}

function checked(entry: Entry, bytes: Buffer): Buffer {
  if (bytes.length !== entry.bytes) {
    throw problemOf(entry, 'ENTRY_CORRUPT', `unpacks to ${bytes.length} bytes, not the ${entry.bytes} it announces`);
  }
  const crc = crc32(bytes);
  if (crc !== entry.crc32) throw problemOf(entry, 'ENTRY_CORRUPT', `has CRC-32 ${hex(crc)}, not ${hex(entry.crc32)}`);
  return bytes;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
