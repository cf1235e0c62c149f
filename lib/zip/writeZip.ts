import type { Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { WorkOptions } from '../contracts/progress';
import { writeAtomic } from '../io/files';

/** A file of a zip: its name there, and where it is or what it holds. */
export interface ZipEntry {
  /** Relative path, forward slashes. */
  readonly name: string;
  readonly source: { readonly path: string } | { readonly text: string };
}

/**
 * Writes a zip whose bytes depend on nothing but its entries' names and contents: sorted, stored rather than deflated
 * (weights and photographs do not shrink, and zlib's output changes between versions), with one date and mode for all.
 *
 * @param work.hash - is updated with the zip's bytes
 * @returns the zip's size in bytes
 */
export async function writeZip(
  path: string,
  entries: readonly ZipEntry[],
  work: WorkOptions & { readonly hash?: Hash } = {},
): Promise<number> {
  const total = await bytesOf(entries);
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      work.hash?.update(chunk);
      bytes += chunk.length;
      work.onProgress?.({ done: Math.min(bytes, total), total, unit: 'bytes' });
      done(null, chunk);
    },
  });
  try {
    await writeAtomic(path, async (temporary) => {
      const target = createWriteStream(temporary, { flags: 'wx' });
      await pipeline(zipStream(entries), measure, target, { signal: work.signal });
    });
  } catch (error) {
    work.signal?.throwIfAborted();
    throw error;
  }
  return bytes;
}

function zipStream(entries: readonly ZipEntry[]): Readable {
  const zip = new ZipFile();
  const stream = zip.outputStream as Readable;
  zip.once('error', (error: Error) => stream.destroy(error)); // a file that cannot be read
  for (const { name, source } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) add(zip, name, source);
  zip.end();
  return stream;
}

function add(zip: ZipFile, name: string, source: ZipEntry['source']): void {
  // Zip dates are local times without a zone, so a date made of local parts has the same bytes everywhere.
  const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, compress: false, forceDosTimestamp: true };
  if ('path' in source) zip.addFile(source.path, name, options);
  else zip.addBuffer(Buffer.from(source.text), name, options);
}

async function bytesOf(entries: readonly ZipEntry[]): Promise<number> {
  const sizes = entries.map(async ({ source }) =>
    'path' in source ? (await stat(source.path)).size : Buffer.byteLength(source.text),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
