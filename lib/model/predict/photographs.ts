import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import exif from 'exif-reader';
import sharp from 'sharp';
import { SerengetiError } from '../../contracts/errors';

const EXTENSIONS = ['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.webp'];

/** A file that should be a photograph. */
export interface Photograph {
  /** Path within the folder, forward slashes. */
  readonly file: string;
  readonly bytes: number;
  /** Time of its last change, milliseconds since 1970. */
  readonly modified: number;
}

/**
 * The photographs of a folder and all folders below it, by name, in order.
 *
 * @throws SerengetiError INPUT_INVALID where there is no such folder, or no photograph in it
 */
export async function listPhotographs(folder: string): Promise<Photograph[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new SerengetiError('INPUT_INVALID', `The folder ${folder} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  });
  const photographs: Photograph[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !EXTENSIONS.includes(extname(entry.name).toLowerCase())) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = await stat(path);
    const file = relative(folder, path).replaceAll(sep, '/');
    photographs.push({ file, bytes: size, modified: Math.floor(mtimeMs) });
  }
  if (photographs.length === 0) {
    const kinds = EXTENSIONS.join(', ');
    throw new SerengetiError('INPUT_INVALID', `${folder} has no photographs (${kinds}) in it or below it`);
  }
  return photographs.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** When a photograph was taken, by the camera's clock, milliseconds; `undefined` where it does not say. */
export async function takenAt(path: string): Promise<number | undefined> {
  try {
    const metadata = await sharp(path, { failOn: 'none' }).metadata();
    if (metadata.exif === undefined) return undefined;
    const { Photo, Image } = exif(metadata.exif);
    const time = Photo?.DateTimeOriginal ?? Image?.DateTime;
    const milliseconds = time instanceof Date ? time.getTime() : NaN;
    return Number.isNaN(milliseconds) ? undefined : milliseconds;
  } catch {
    return undefined; // what cannot be read is reported by the decoder; a damaged EXIF block does no harm
  }
}
