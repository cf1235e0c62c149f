import { join, posix } from 'node:path';
import type { Mirror } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { PartSink } from '../../store';
import type { SourceFile } from '../mirrors/source';
import { downloadFile } from './downloadFile';
import { transfer, type Sink, type TransferOptions, type Transferred } from './transfer';

export interface FilesRequest {
  readonly mirrors: readonly Mirror[];
  /** As they were probed. */
  readonly files: readonly SourceFile[];
}

export interface FilesTransferred extends Transferred {
  /** Base names, in the order of the request. */
  readonly files: readonly string[];
}

/**
 * Downloads files one after the other to `directory/<base name>`; progress counts their bytes together.
 *
 * @throws what {@link downloadFile} throws; INPUT_INVALID when two files have the same base name
 */
export async function downloadFiles(
  { mirrors, files, directory }: FilesRequest & { readonly directory: string },
  options: TransferOptions = {},
): Promise<FilesTransferred> {
  return await inTurn(files, options, (file, name, work) =>
    downloadFile({ mirrors, file, target: join(directory, name) }, work),
  );
}

export interface SendRequest extends FilesRequest {
  /** Opens the way into the store for a file; `undefined` when it is there already. */
  readonly send: (name: string, bytes: number, signal?: AbortSignal) => Promise<PartSink | undefined>;
}

/**
 * Brings files from their mirrors into a store, part by part, without touching this host's disk; memory holds the parts
 * on their way. Called again after it was stopped or killed, on this host or another one, it sends what is missing.
 *
 * @throws what `transfer` throws; STORE_UNREACHABLE; INPUT_INVALID when two files have the same base name
 */
export async function sendFiles(
  { mirrors, files, send }: SendRequest,
  options: TransferOptions = {},
): Promise<FilesTransferred> {
  return await inTurn(files, options, async (file, name, work) => {
    const upload = await send(name, file.bytes, work.signal);
    if (upload === undefined) {
      work.onProgress?.({ done: file.bytes, unit: 'bytes', reused: file.bytes, note: name });
      return { bytes: file.bytes, fetchedBytes: 0, reusedBytes: file.bytes };
    }
    const sent = await transfer({ mirrors, file, sink: uploadSink(upload) }, work);
    await upload.complete(work.signal);
    return sent;
  });
}

/** Uploads take whole parts. */
function uploadSink(upload: PartSink): Sink {
  const missing = new Set(upload.missing());
  const partBytes = upload.range(0).length;
  return {
    partBytes,
    pieceBytes: partBytes,
    has: (part) => !missing.has(part),
    write: (bytes, position, signal) => upload.put(position / partBytes, bytes, signal),
  };
}

async function inTurn(
  files: readonly SourceFile[],
  options: TransferOptions,
  fetchFile: (file: SourceFile, name: string, options: TransferOptions) => Promise<Transferred>,
): Promise<FilesTransferred> {
  const names = files.map((file) => posix.basename(file.path));
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) {
    const message = `Two files of a season are called ${repeated}; they would overwrite one another`;
    throw new SerengetiError('INPUT_INVALID', message);
  }
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const sum = { bytes: 0, fetchedBytes: 0, reusedBytes: 0 };
  for (const [i, file] of files.entries()) {
    const { bytes, reusedBytes } = sum;
    const onProgress: TransferOptions['onProgress'] = ({ done, reused = 0, ...progress }) =>
      options.onProgress?.({ ...progress, done: bytes + done, total, reused: reusedBytes + reused });
    const one = await fetchFile(file, names[i]!, { ...options, onProgress });
    sum.bytes += one.bytes;
    sum.fetchedBytes += one.fetchedBytes;
    sum.reusedBytes += one.reusedBytes;
  }
  return { ...sum, files: names };
}
