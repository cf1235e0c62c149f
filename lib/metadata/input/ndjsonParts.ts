import { open, rm, type FileHandle } from 'node:fs/promises';
import { temporaryPath } from '../../io/files';
import { asRefusal } from '../../io/systemErrors';

/** Large enough for the database to work in peace, small enough that the files never leave the page cache. */
const PART_BYTES = 48 << 20;
/** Parts that are written or being loaded at the same time. */
const PARTS_IN_FLIGHT = 3;

/**
 * Hands an array's body to a loader as files of newline-delimited JSON of bounded size, loading one part while the next
 * is written.
 */
export class NdjsonParts {
  readonly #folder: string;
  readonly #load: (path: string, firstOrdinal: number) => Promise<void>;
  readonly #loading = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #part: { readonly path: string; readonly file: FileHandle; readonly firstOrdinal: number; bytes: number } | undefined;
  #nextOrdinal = 0;

  /**
   * @param folder - existing; the parts lie there while they are needed.
   * @param load - loads a part whose first line has this ordinal.
   */
  constructor(folder: string, load: (path: string, firstOrdinal: number) => Promise<void>) {
    this.#folder = folder;
    this.#load = load;
  }

  /** See `ArrayVisitor.body`. The bytes are used until the promise resolves. */
  async write(bytes: Buffer, boundary: number, elements: number): Promise<void> {
    if (boundary === 0 || (this.#part?.bytes ?? 0) + boundary < PART_BYTES) {
      await this.#append(bytes);
      return;
    }
    await this.#append(bytes.subarray(0, boundary));
    await this.#finishPart();
    this.#nextOrdinal = elements;
    await this.#append(bytes.subarray(boundary));
  }

  /** Waits until all is loaded. */
  async end(): Promise<void> {
    await this.#finishPart();
    await Promise.all(this.#loading);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Gives up: removes the part that is being written, waits for those that are being loaded. */
  async discard(): Promise<void> {
    const part = this.#part;
    this.#part = undefined;
    await part?.file.close();
    await Promise.allSettled(this.#loading);
  }

  async #append(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#part === undefined) {
      const path = temporaryPath(`${this.#folder}/part.ndjson`);
      this.#part = { path, file: await open(path, 'wx'), firstOrdinal: this.#nextOrdinal, bytes: 0 };
    }
    const { file, path } = this.#part;
    await file.appendFile(bytes).catch((error: unknown) => {
      throw asRefusal(error, path);
    });
    this.#part.bytes += bytes.length;
  }

  async #finishPart(): Promise<void> {
    const part = this.#part;
    if (part === undefined) return;
    this.#part = undefined;
    await part.file.close();
    const loading = this.#load(part.path, part.firstOrdinal)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#loading.delete(loading);
        return rm(part.path, { force: true });
      });
    this.#loading.add(loading);
    if (this.#loading.size >= PARTS_IN_FLIGHT) await Promise.race(this.#loading);
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
