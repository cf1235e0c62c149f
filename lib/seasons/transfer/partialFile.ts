import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import { isGone, makeFolder, statIfThere, syncFolder } from '../../io/files';
import { asRefusal } from '../../io/systemErrors';
import type { SourceFile } from '../mirrors/source';
import { BOOT } from './boot';
import { Commits } from './commits';
import { isSameSource, readJournal, startJournal, writtenLine, type Journal } from './journal';
import { DiskSpace } from './space';
import type { Sink } from './transfer';

/** The unit of resuming. */
export const BLOCK_BYTES = 4 << 20;
/** Large enough for the disk, small enough that memory stays in the processor's cache. */
const PIECE_BYTES = 1 << 20;
/** So many written blocks may be at the mercy of a power cut. */
const MOST_UNSYNCED = 64;

/** Temporary in the store's sense: no part of an artifact. */
const PARTIAL = '.tmp-part-';
const JOURNAL = '.journal';
const GENERATION = /^[0-9a-f]{12}(\.journal)?$/;
/** Without truncation: another process may have begun the same file in the meantime. */
const OPEN_OR_CREATE = constants.O_RDWR | constants.O_CREAT;

/**
 * A file in the making, at its full length with holes, and the journal of what it has. Any process may go on with it,
 * also while another one does: both write the same bytes to the same places.
 */
export class PartialFile implements Sink {
  readonly partBytes = BLOCK_BYTES;
  readonly pieceBytes = PIECE_BYTES;
  readonly #target: string;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #journalFile: FileHandle;
  readonly #journal: Journal;
  readonly #commits: Commits;
  readonly #space: DiskSpace;
  #missing: number;

  private constructor(target: string, { path, file, journal }: Begun, journalFile: FileHandle) {
    this.#target = target;
    this.#path = path;
    this.#file = file;
    this.#journalFile = journalFile;
    this.#commits = new Commits(file, journalFile);
    this.#journal = journal;
    this.#space = new DiskSpace(target);
    this.#missing = missingBytes(journal);
  }

  /**
   * Goes on with what there is of the file, or begins anew. What was begun of another version of the file is removed.
   *
   * @param onOutdated - called when something is removed
   * @returns `undefined` when another process finished the file in the meantime
   */
  static async open(target: string, source: SourceFile, onOutdated: () => void): Promise<PartialFile | undefined> {
    await makeFolder(dirname(target));
    const begun = (await openBegun(target, source, onOutdated)) ?? (await begin(target, source));
    const partial = await PartialFile.#prepare(target, begun);
    // Looked at last: a process that finishes from now on finishes the very file that is open here.
    if ((await statIfThere(target))?.size !== source.bytes) return partial;
    await partial.close();
    await removePartials(target);
    return undefined;
  }

  static async #prepare(target: string, begun: Begun): Promise<PartialFile> {
    const { path, file, journal } = begun;
    try {
      await file.truncate(journal.head.bytes);
      return new PartialFile(target, begun, await open(path + JOURNAL, 'a'));
    } catch (error) {
      await file.close();
      throw asRefusal(error, path);
    }
  }

  /** @throws SerengetiError DISK_FULL when there is no room for what is missing */
  async requireSpace(): Promise<void> {
    await this.#space.require(this.#missing);
  }

  has(part: number): boolean {
    return this.#journal.isDone(part);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    await this.#put(bytes, position);
    this.#missing -= bytes.length;
    await this.#space.watch(bytes.length, this.#missing);
    const end = position + bytes.length;
    if (end % BLOCK_BYTES === 0 || end === this.#journal.head.bytes)
      await this.#commit(Math.ceil(end / BLOCK_BYTES) - 1);
  }

  async #put(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        const left = bytes.length - written;
        written += (await this.#file.write(bytes, written, left, position + written)).bytesWritten;
      }
    } catch (error) {
      throw asRefusal(error, this.#path);
    }
  }

  /**
   * Notes down that a block's bytes are written: at once for the case that this process is killed, and again, for the
   * case of a power cut, when it is on disk.
   */
  async #commit(block: number): Promise<void> {
    try {
      await this.#journalFile.appendFile(writtenLine(block, BOOT));
      await this.#commits.add(block, MOST_UNSYNCED);
    } catch (error) {
      throw asRefusal(error, this.#path);
    }
  }

  /** Resolves once all blocks taken are noted down. */
  async committed(): Promise<void> {
    try {
      await this.#commits.all();
    } catch (error) {
      throw asRefusal(error, this.#path);
    }
  }

  /** Gives the whole file its name, unless another process that fetched it was first. */
  async finish(): Promise<void> {
    await this.committed();
    try {
      await this.#file.sync();
      await this.#takeName();
      await this.#requireWhole();
    } catch (error) {
      throw asRefusal(error, this.#target);
    }
    await syncFolder(dirname(this.#target));
    await removePartials(this.#target);
  }

  async close(): Promise<void> {
    await this.#journalFile.close();
    await this.#file.close();
  }

  /** Another process may have been first, and yet another one may have begun a new file of the same name. */
  async #takeName(): Promise<void> {
    const [mine, named] = await Promise.all([this.#file.stat(), statIfThere(this.#path)]);
    if (named?.ino !== mine.ino) return;
    try {
      await rename(this.#path, this.#target);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async #requireWhole(): Promise<void> {
    if ((await statIfThere(this.#target))?.size === this.#journal.head.bytes) return;
    throw new SerengetiError('SOURCE_CHANGED', `${this.#path} was removed while it was fetched: the file changed`, {
      details: { path: this.#path },
    });
  }
}

function missingBytes({ head: { bytes }, isDone }: Journal): number {
  let missing = 0;
  for (let start = 0; start < bytes; start += BLOCK_BYTES) {
    if (!isDone(start / BLOCK_BYTES)) missing += Math.min(BLOCK_BYTES, bytes - start);
  }
  return missing;
}

/** A partial file that is open, and what its journal said before. */
interface Begun {
  readonly path: string;
  readonly file: FileHandle;
  readonly journal: Journal;
}

async function begin(target: string, source: SourceFile): Promise<Begun> {
  const path = `${target}${PARTIAL}${generationOf(source)}`;
  const journal = await startJournal(path + JOURNAL, source, BLOCK_BYTES);
  return { path, file: await open(path, OPEN_OR_CREATE), journal };
}

async function openBegun(target: string, source: SourceFile, onOutdated: () => void): Promise<Begun | undefined> {
  for (const path of await partialsOf(target)) {
    if (path.endsWith(JOURNAL)) continue;
    const journal = await readJournal(path + JOURNAL, BOOT);
    if (journal?.head.blockBytes === BLOCK_BYTES && isSameSource(journal.head, source)) {
      const file = await openIfThere(path);
      return file && { path, file, journal };
    }
    if (journal !== undefined) onOutdated();
    await rm(path, { force: true });
    await rm(path + JOURNAL, { force: true });
  }
  return undefined;
}

/** Never creates a file: what the journal says would not hold for it. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDWR);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function removePartials(target: string): Promise<void> {
  for (const path of await partialsOf(target)) await rm(path, { force: true });
}

/** Partial files of all versions, and their journals; not a journal that another process is about to begin. */
async function partialsOf(target: string): Promise<string[]> {
  const folder = dirname(target);
  const start = basename(target) + PARTIAL;
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(start) && GENERATION.test(name.slice(start.length)),
  );
  return names.sort().map((name) => join(folder, name));
}

/** Names the version of the file, so that processes that see different versions do not write into one file. */
function generationOf(source: SourceFile): string {
  const facts = JSON.stringify([source.bytes, source.at]);
  return createHash('sha256').update(facts).digest('hex').slice(0, 12);
}
