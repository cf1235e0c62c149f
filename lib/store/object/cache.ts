import { createHash } from 'node:crypto';
import { readdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArtifactFile, Manifest } from '../../contracts/artifact';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import type { DraftFolder } from '../draftFolder';
import {
  isGone,
  listFiles,
  makeFolder,
  pathExists,
  removeTemporaries,
  statIfThere,
  syncFolder,
  temporaryPath,
  writeFileAtomic,
  writeStreamAtomic,
} from '../../io/files';
import { asRefusal } from '../../io/systemErrors';
import { isDamage } from '../damage';
import { checkFiles } from '../description';
import { MANIFEST, manifestText } from '../manifest';
import type { Trash } from '../trash';
import type { Bucket } from './bucket';
import { contentOf, objectName } from './layout';
import { readObject } from './reading';

type Warn = NonNullable<WorkOptions['onWarning']>;

const FILES_AT_ONCE = 8;
/** Of the limit: by so much, each process may go beyond it. */
const NOTICED_SHARE = 0.01;
/** Longer than steps go without opening their artifacts again; what was opened since is not removed. */
const IN_USE_MILLISECONDS = 6 * 3_600_000;

/**
 * Copies of artifacts on this host, for steps that read files by their paths. Processes may share the folder.
 *
 *     artifacts/<kind>/<key>-<content>/   whole; its manifest's time is when it was opened last
 *     fetching/<kind>/<key>-<content>/    on its way; files in it are whole
 */
export class ArtifactCache {
  readonly #folder: string;
  readonly #limit: number;
  readonly #bucket: Bucket;
  readonly #trash: Trash;
  readonly #onWarning: Warn;
  readonly #opening = new Map<string, Promise<string>>();
  /** Bytes since it was last made sure that there is room. */
  #came = Infinity;
  /** Of copies, whose names say what they hold. */
  readonly #sizes = new Map<string, number>();

  /** @param limit - in bytes; beyond it, what was opened longest ago is removed, unless it was in the last six hours */
  constructor(folder: string, limit: number, bucket: Bucket, trash: Trash, onWarning: Warn) {
    this.#folder = folder;
    this.#limit = limit;
    this.#bucket = bucket;
    this.#trash = trash;
    this.#onWarning = onWarning;
  }

  /**
   * The folder with the artifact's files; fetches it unless it is there.
   *
   * @throws SerengetiError ARTIFACT_CORRUPT when a file is another than the manifest says, also when fetched again
   */
  async open(manifest: Manifest, work: WorkOptions = {}): Promise<string> {
    const folder = this.#place('artifacts', manifest);
    // Not the other's promise: what stops the other must not stop this one.
    for (let other; (other = this.#opening.get(folder)) !== undefined;) await other.catch(() => undefined);
    const fetching = this.#open(manifest, folder, work);
    this.#opening.set(folder, fetching);
    try {
      return await fetching;
    } finally {
      this.#opening.delete(folder);
    }
  }

  /** Takes a copy away that turned out to be damaged. */
  async drop(manifest: Manifest): Promise<void> {
    await this.#trash.take(this.#place('artifacts', manifest));
  }

  /** Takes over the folder of a draft that became this artifact. */
  async adopt(manifest: Manifest, draft: DraftFolder): Promise<void> {
    // Under this name nobody else writes to it.
    const own = temporaryPath(this.#place('fetching', manifest));
    if (!(await draft.moveTo(own))) return;
    await this.#install(own, manifest);
    await this.#trash.take(own);
    await this.#makeRoom(manifest.bytes);
  }

  async #open(manifest: Manifest, folder: string, work: WorkOptions): Promise<string> {
    if (await this.#hasSoundCopy(folder, manifest, work.signal)) return folder;
    const partial = this.#place('fetching', manifest);
    while (!(await touch(join(folder, MANIFEST)))) {
      try {
        await this.#fetchAll(manifest, partial, work);
        if (await isWhole(partial, manifest)) await this.#install(partial, manifest);
      } catch (error) {
        // Another process on this host fetched it, too, and took the folder away to its place.
        if (!isGone(error) || !(await pathExists(folder))) throw error;
      }
    }
    await this.#trash.take(partial);
    await this.#makeRoom(manifest.bytes);
    return folder;
  }

  /** A copy whose files are no longer what came is fetched anew. */
  async #hasSoundCopy(folder: string, manifest: Manifest, signal: AbortSignal | undefined): Promise<boolean> {
    if (!(await touch(join(folder, MANIFEST)))) return false;
    try {
      await checkFiles(folder, manifest.files, signal);
      return true;
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#onWarning({ message: `${error.message}. The copy is fetched anew`, details: error.details });
      await this.drop(manifest);
      return false;
    }
  }

  async #fetchAll(manifest: Manifest, partial: string, work: WorkOptions): Promise<void> {
    const tally = new Tally(manifest, work);
    await forEachParallel(manifest.files, FILES_AT_ONCE, work.signal, async (file, signal) => {
      const target = join(partial, file.name);
      if (await isThere(partial, file)) tally.add(file.bytes);
      else await this.#fetch(manifest, file, target, tally, signal);
    });
  }

  /** Fetches a file and checks it; once more, should it be the connection that garbled it. */
  async #fetch(
    manifest: Manifest,
    file: ArtifactFile,
    target: string,
    tally: Tally,
    signal: AbortSignal,
  ): Promise<void> {
    const name = objectName(manifest, file);
    let got = await this.#copy(name, file, target, tally, signal);
    if (got !== file.sha256 && file.sha256 !== undefined) {
      tally.add(-file.bytes);
      got = await this.#copy(name, file, target, tally, signal);
    }
    if (got === file.sha256 || file.sha256 === undefined) return;
    await rm(target, { force: true });
    const uri = this.#bucket.uriOf(name);
    throw new SerengetiError(
      'ARTIFACT_CORRUPT',
      `${uri} (${file.bytes} bytes) is not the file of its manifest: its SHA-256 is ${got}, not ${file.sha256}.`,
      { details: { uri, sha256: got, expected: file.sha256 } },
    );
  }

  /** @returns SHA-256 of what came */
  async #copy(
    name: string,
    { bytes }: ArtifactFile,
    target: string,
    tally: Tally,
    signal: AbortSignal,
  ): Promise<string> {
    const hash = createHash('sha256');
    const bucket = this.#bucket;
    const chunks = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of readObject(bucket, name, { start: 0, end: bytes }, signal)) {
        hash.update(chunk);
        tally.add(chunk.length);
        yield chunk;
      }
    };
    await writeStreamAtomic(target, Readable.from(chunks(), { objectMode: false }), signal);
    return hash.digest('hex');
  }

  /** Moves a whole folder to its place. Another process may have been faster: then its copy stays. */
  async #install(from: string, manifest: Manifest): Promise<void> {
    const to = this.#place('artifacts', manifest);
    await writeFileAtomic(join(from, MANIFEST), manifestText(manifest));
    await makeFolder(dirname(to));
    try {
      await rename(from, to);
    } catch (error) {
      if (await pathExists(join(to, MANIFEST))) return;
      throw asRefusal(error, to);
    }
    await syncFolder(dirname(to));
    await removeTemporaries(to);
  }

  /** @param came - in bytes. Looking at thousands of copies takes a while, and is worth it only when something has come. */
  async #makeRoom(came: number): Promise<void> {
    this.#came += came;
    if (this.#came < this.#limit * NOTICED_SHARE) return;
    this.#came = 0;
    const copies = (await this.#copies()).sort((a, b) => a.openedAt - b.openedAt);
    let bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    const inUse = Date.now() - IN_USE_MILLISECONDS;
    for (const copy of copies) {
      if (bytes <= this.#limit || copy.openedAt > inUse) return;
      await this.#trash.take(copy.folder);
      bytes -= copy.bytes;
    }
  }

  async #copies(): Promise<Copy[]> {
    const root = join(this.#folder, 'artifacts');
    const copies: Copy[] = [];
    for (const kind of await readdir(root)) {
      for (const name of await readdir(join(root, kind))) {
        const folder = join(root, kind, name);
        const openedAt = (await statIfThere(join(folder, MANIFEST)))?.mtimeMs;
        // Another process may be removing it.
        if (openedAt === undefined) continue;
        const bytes = this.#sizes.get(folder) ?? (await sizeOf(folder));
        this.#sizes.set(folder, bytes);
        copies.push({ folder, bytes, openedAt });
      }
    }
    return copies;
  }

  #place(area: 'artifacts' | 'fetching', { kind, key, files }: Manifest): string {
    return join(this.#folder, area, kind, `${key}-${contentOf(files)}`);
  }
}

interface Copy {
  readonly folder: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

/** Bytes of an artifact that are here so far. */
class Tally {
  #done = 0;

  constructor(
    private readonly manifest: Manifest,
    private readonly work: WorkOptions,
  ) {}

  add(bytes: number): void {
    this.#done += bytes;
    const { kind, bytes: total } = this.manifest;
    this.work.onProgress?.({ done: this.#done, total, unit: 'bytes', note: `fetching ${kind}` });
  }
}

/** Whether a copy is there; then it is in use from now on. */
async function touch(manifest: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(manifest, now, now);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Whether all files are there: what is fetched into a folder that was taken away lies in another one of the same name. */
async function isWhole(folder: string, { files }: Manifest): Promise<boolean> {
  for (const { name, bytes } of files) if ((await statIfThere(join(folder, name)))?.size !== bytes) return false;
  return true;
}

/** Whether an earlier attempt has fetched the file. */
async function isThere(partial: string, file: ArtifactFile): Promise<boolean> {
  try {
    await checkFiles(partial, [file]);
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await listFiles(folder, [MANIFEST])) bytes += (await statIfThere(join(folder, name)))?.size ?? 0;
  return bytes;
}
