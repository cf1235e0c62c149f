import { join, posix } from 'node:path';
import type { Mirror } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { SourceFile } from '../mirrors/source';
import { downloadFile } from './downloadFile';
import type { Download, DownloadOptions } from './fetch';

export interface FilesDownload extends Download {
  /** Base names, in the order of the request. */
  readonly files: readonly string[];
}

/**
 * Downloads files one after the other to `directory/<base name>`; progress counts their bytes together.
 *
 * @throws what {@link downloadFile} throws; INPUT_INVALID when two files have the same base name
 */
export async function downloadFiles(
  input: { readonly mirrors: readonly Mirror[]; readonly files: readonly SourceFile[]; readonly directory: string },
  options: DownloadOptions = {},
): Promise<FilesDownload> {
  const names = input.files.map((file) => posix.basename(file.path));
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new SerengetiError(
      'INPUT_INVALID',
      `Two files of a season are called ${repeated}; they would overwrite one another`,
    );
  }
  const total = input.files.reduce((sum, file) => sum + file.bytes, 0);
  const sum = { bytes: 0, fetchedBytes: 0, reusedBytes: 0 };
  for (const [i, file] of input.files.entries()) {
    const before = { ...sum };
    const one = await downloadFile(
      { mirrors: input.mirrors, file, target: join(input.directory, names[i]!) },
      {
        ...options,
        onProgress: (progress) =>
          options.onProgress?.({
            ...progress,
            done: before.bytes + progress.done,
            total,
            reused: before.reusedBytes + (progress.reused ?? 0),
          }),
      },
    );
    sum.bytes += one.bytes;
    sum.fetchedBytes += one.fetchedBytes;
    sum.reusedBytes += one.reusedBytes;
  }
  return { ...sum, files: names };
}
