import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../../lib/contracts/errors';
import { isTemporary } from '../../lib/io/files';

/** A file as a client sees it. */
export interface ServedFile {
  readonly path: string;
  readonly size: number;
  /** Strong: equal only for equal bytes. With its quotes. */
  readonly etag: string;
  readonly lastModified: string;
}

/** Up to this size the ETag is a digest of the content; above it, of size and date. */
const LARGEST_DIGESTED = 256 << 20;

/** Finds files of one folder and nothing outside it. */
export class Folder {
  readonly #directory: string;
  readonly #etags = new Map<string, Promise<string>>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string): Promise<Folder> {
    try {
      return new Folder(await realpath(directory));
    } catch (error) {
      throw new SerengetiError('FOLDER_NOT_SERVED', `Cannot serve ${directory}: ${(error as Error).message}`, {
        cause: error,
        details: { directory },
      });
    }
  }

  /**
   * @param urlPath - path of the request, still encoded
   * @returns `undefined` where there is no such file, where it lies outside the folder, or where it is not finished
   */
  async find(urlPath: string): Promise<ServedFile | undefined> {
    const relative = decode(urlPath);
    if (relative === undefined || relative.split('/').some(isTemporary)) return undefined;
    try {
      const path = await realpath(join(this.#directory, relative));
      if (!path.startsWith(this.#directory + sep)) return undefined;
      const status = await stat(path);
      if (!status.isFile()) return undefined;
      const version = `${path}|${status.ino}|${status.size}|${status.mtimeMs}`;
      return {
        path,
        size: status.size,
        etag: await this.#etagOf(path, status.size, version),
        lastModified: status.mtime.toUTCString(),
      };
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }

  #etagOf(path: string, size: number, version: string): Promise<string> {
    let etag = this.#etags.get(version);
    if (etag === undefined) {
      etag = size > LARGEST_DIGESTED ? Promise.resolve(quoted(digest(version))) : digestFile(path);
      this.#etags.set(version, etag);
    }
    return etag;
  }
}

function decode(urlPath: string): string | undefined {
  try {
    const path = decodeURIComponent(urlPath);
    return path.includes('\0') || path.includes('\\') ? undefined : path;
  } catch {
    // Malformed percent signs name no file.
    return undefined;
  }
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return quoted(hash.digest('hex'));
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const quoted = (hex: string): string => `"${hex.slice(0, 32)}"`;
