import type { WorkOptions } from '../contracts/progress';
import { SerengetiError } from '../contracts/errors';
import { findDirectory, invalid, type DirectoryPlace } from './ending';
import { parseRecords } from './records';
import { overlapping } from './overlaps';
import { ZIP_LIMITS, type ZipLimits } from './limits';
import type { RangeReader } from './reader';
import type { EntryTable, RejectedEntry } from './table';

/** An archive's directory: the entries that can be used, in the directory's order, and those that cannot. */
export interface Directory {
  readonly archive: string;
  readonly archiveBytes: number;
  readonly entries: EntryTable;
  readonly rejected: readonly RejectedEntry[];
}

/** Read a slice at a time, so that a stop or a broken connection loses little. */
const SLICE = 16 << 20;
const LARGEST_DIRECTORY = 2 ** 31;

export interface DirectoryOptions extends WorkOptions {
  readonly limits?: Partial<ZipLimits>;
}

/**
 * Reads an archive's directory by range, in two or three requests as a rule. Folders are left out; entries that could
 * do harm, or that cannot be read here, are rejected one by one with the reason and the place.
 *
 * @throws SerengetiError ARCHIVE_INVALID, ARCHIVE_UNSUPPORTED or ARCHIVE_HOSTILE when nothing of the archive can be used
 */
export async function readDirectory(reader: RangeReader, options: DirectoryOptions = {}): Promise<Directory> {
  const limits = { ...ZIP_LIMITS, ...options.limits };
  const place = await findDirectory(reader, options.signal);
  if (place.bytes > LARGEST_DIRECTORY) {
    throw invalid(reader, place.start, `a directory of ${place.bytes} bytes is larger than any season's`);
  }
  const bytes = await readSlices(reader, place, options);
  const { entries, rejected } = parseRecords(reader, place, bytes, limits);
  const kept = rejectOverlaps(entries, rejected);
  refuseBomb(reader, kept, limits);
  return { archive: reader.name, archiveBytes: reader.bytes, entries: kept, rejected };
}

async function readSlices(reader: RangeReader, place: DirectoryPlace, options: WorkOptions): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(place.bytes);
  for (let done = 0; done < place.bytes;) {
    const length = Math.min(SLICE, place.bytes - done);
    await reader.read(place.start + done, length, options.signal, buffer.subarray(done));
    done += length;
    options.onProgress?.({ done, total: place.bytes, unit: 'bytes', note: `directory of ${reader.name}` });
  }
  return buffer;
}

function rejectOverlaps(entries: EntryTable, rejected: RejectedEntry[]): EntryTable {
  const overlaps = overlapping(entries);
  if (overlaps.size === 0) return entries;
  for (const [i, other] of overlaps) {
    rejected.push({
      name: entries.name(i),
      archive: entries.archive,
      code: 'ARCHIVE_HOSTILE',
      reason: `shares bytes with entry "${entries.name(other)}"`,
      byte: entries.offsets[i]!,
    });
  }
  return entries.without(new Set(overlaps.keys()));
}

function refuseBomb(reader: RangeReader, entries: EntryTable, limits: ZipLimits): void {
  const total = entries.bytes.subarray(0, entries.length).reduce((sum, bytes) => sum + bytes, 0);
  const limit = limits.totalBytesFrom + limits.totalRatio * reader.bytes;
  if (total <= limit) return;
  throw new SerengetiError(
    'ARCHIVE_HOSTILE',
    `${reader.name} (${reader.bytes} bytes) says that it unpacks to ${total} bytes, more than the limit of ${limit}`,
    { details: { archive: reader.name, total, limit } },
  );
}
