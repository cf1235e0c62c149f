import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Mirror } from '../../contracts/catalog';
import { statIfThere, writeAtomic } from '../../io/files';
import { urlAt, type SourceFile } from '../mirrors/source';
import { PartialFile } from './partialFile';
import { transfer, type TransferOptions, type Transferred } from './transfer';

export interface DownloadRequest {
  readonly mirrors: readonly Mirror[];
  /** The file as it was probed. When it has changed since, the download fails instead of fetching another one. */
  readonly file: SourceFile;
  /** The file on this host. One of the right size is taken for finished. */
  readonly target: string;
}

/**
 * Downloads a file from all mirrors that have it, in parallel stretches. The target appears when it is whole and on
 * disk. Called again after it was stopped or killed, on this machine or another one with the same disk, it goes on.
 *
 * @throws SerengetiError SOURCE_UNREACHABLE, SOURCE_MISSING, SOURCE_FORBIDDEN, SOURCE_CORRUPT with what each mirror
 *   said; SOURCE_CHANGED when the file is another one than was probed; DISK_FULL
 */
export async function downloadFile(request: DownloadRequest, options: TransferOptions = {}): Promise<Transferred> {
  const { mirrors, file, target } = request;
  const { bytes, path } = file;
  const { signal, onProgress, onWarning } = options;
  signal?.throwIfAborted();
  const takeOver = (): Transferred => {
    onProgress?.({ done: bytes, total: bytes, unit: 'bytes', reused: bytes });
    return { bytes, fetchedBytes: 0, reusedBytes: bytes };
  };
  if ((await statIfThere(target))?.size === bytes) return takeOver();
  if (await cloneLocal(mirrors, file, target)) {
    onProgress?.({ done: bytes, total: bytes, unit: 'bytes' });
    return { bytes, fetchedBytes: bytes, reusedBytes: 0 };
  }
  const partial = await PartialFile.open(target, file, () => {
    const message = `${path} was replaced at its source: what was fetched of the old one is removed`;
    onWarning?.({ message, details: { path } });
  });
  if (partial === undefined) return takeOver();
  try {
    await partial.requireSpace();
    const result = await transfer({ mirrors, file, sink: partial }, options);
    await partial.finish();
    return result;
  } catch (error) {
    // Should this fail too, some blocks are fetched again; the first error is the one to tell.
    await partial.committed().catch(() => undefined);
    throw error;
  } finally {
    await partial.close();
  }
}

/** Copies a local file without copying its bytes, where the file system can. */
async function cloneLocal(mirrors: readonly Mirror[], file: SourceFile, target: string): Promise<boolean> {
  const local = mirrors.find(({ name, url }) => url.startsWith('file:') && file.at.some((at) => at.mirror === name));
  if (local === undefined) return false;
  const from = fileURLToPath(urlAt(local, file.path));
  try {
    await writeAtomic(target, (temporary) => copyFile(from, temporary, constants.COPYFILE_FICLONE_FORCE));
    return true;
  } catch {
    // Most file systems cannot; whatever else is wrong the ordinary way finds out and reports.
    return false;
  }
}
