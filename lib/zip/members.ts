import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { SerengetiError } from '../contracts/errors';
import { readDirectory } from './directory';
import { checkLocalHeader, likelyEnd } from './entryData';
import { EntryProblem, problemOf } from './entryProblem';
import { openFileReader } from './reader';
import { DEFLATED, type Entry } from './table';
import { inflateProblem } from './unpack';

/** A file of any size inside a zip, for reading as a stream. */
export interface ZipMember {
  readonly name: string;
  /** Unpacked. */
  readonly bytes: number;
  /** Its bytes, unpacked; the stream fails with ENTRY_CORRUPT at its end when size or CRC-32 are wrong. */
  open(): Readable;
}

/** The largest that is published, of all seasons of Snapshot Serengeti, unpacks to 5 GB. */
const MOST_BYTES = 64 * 2 ** 30;
const MOST_MEMBERS = 100_000;

/** Metadata is text that packs well and unpacks to gigabytes, and it is streamed: the limits for photographs do not apply. */
const LIMITS = { entryBytes: MOST_BYTES, entryRatio: Infinity, totalBytesFrom: MOST_BYTES, totalRatio: 0 } as const;
const CHUNK_BYTES = 256 << 10;

/**
 * Files of a zip on this host, folders left out; zip64 included.
 *
 * @throws SerengetiError of the first entry that cannot be used, or of the archive
 */
export async function zipMembers(path: string): Promise<ZipMember[]> {
  const reader = await openFileReader(path);
  try {
    const { entries, rejected } = await readDirectory(reader, { limits: LIMITS });
    if (rejected[0] !== undefined) throw new EntryProblem(rejected[0]);
    if (entries.length > MOST_MEMBERS) {
      const message = `${path} has ${entries.length} entries, more than the limit of ${MOST_MEMBERS}`;
      throw new SerengetiError('ARCHIVE_HOSTILE', message, { details: { path, entries: entries.length } });
    }
    const members: ZipMember[] = [];
    for (const entry of entries) {
      const end = Math.min(likelyEnd(entry), reader.bytes);
      const header = {
        start: entry.offset,
        bytes: await reader.read(entry.offset, end - entry.offset - entry.compressedBytes),
      };
      const dataStart = checkLocalHeader(entry, header);
      members.push({ name: entry.name, bytes: entry.bytes, open: () => memberStream(path, entry, dataStart) });
    }
    return members;
  } finally {
    await reader.close();
  }
}

function memberStream(path: string, entry: Entry, start: number): Readable {
  const end = start + entry.compressedBytes - 1;
  const packed = end < start ? Readable.from([]) : createReadStream(path, { start, end, highWaterMark: CHUNK_BYTES });
  const stages =
    entry.method === DEFLATED ? [createInflateRaw({ chunkSize: CHUNK_BYTES }), checked(entry)] : [checked(entry)];
  return stages.reduce<Readable>((source, stage) => {
    source.once('error', (error) => stage.destroy(isOfZlib(error) ? inflateProblem(entry, error) : error));
    stage.once('close', () => source.destroy());
    return source.pipe(stage);
  }, packed);
}

function isOfZlib(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith('Z_') === true;
}

function checked(entry: Entry): Transform {
  let crc = 0;
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      bytes += chunk.length;
      // At once: what unpacks to more than it announces may never end.
      if (bytes > entry.bytes)
        done(problemOf(entry, 'ENTRY_CORRUPT', `unpacks to more than the announced ${entry.bytes} bytes`));
      else done(undefined, chunk);
    },
    flush(done) {
      if (bytes === entry.bytes && crc === entry.crc32) return done();
      const reason = `unpacks to ${bytes} bytes with another CRC-32 than announced, or not to the announced ${entry.bytes}`;
      done(problemOf(entry, 'ENTRY_CORRUPT', reason));
    },
  });
}
