import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import { asDiskError, statIfThere, syncFolder } from '../../store/files';
import type { SourceFile } from '../mirrors/source';
import { BOOT } from './boot';
import { Commits } from './commits';
import { isSameSource, readJournal, startJournal, writtenLine, type Journal } from './journal';

/** What a block is: the unit of resuming. */
export const BLOCK_BYTES = 4 << 20;

/** Temporary in the store's sense: no part of an artifact. */
const PARTIAL = '.tmp-part-';
const JOURNAL = '.journal';
/** Without truncation: another process may have begun the same file in the meantime. */
const OPEN_OR_CREATE = constants.O_RDWR | constants.O_CREAT;

/**
 * A file in the making, at its full length with holes, and the journal of what it has. Any process may go on with it,
 * also while another one does: both write the same bytes to the same places.
 */
export class PartialFile {
  readonly #target: string;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #journalFile: FileHandle;
  readonly journal: Journal;
  readonly #commits: Commits;

  private constructor(target: string, path: string, file: FileHandle, journalFile: FileHandle, journal: Journal) {
    this.#target = target;
    this.#path = path;
    this.#file = file;
    this.#journalFile = journalFile;
    this.#commits = new Commits(file, journalFile);
    this.journal = journal;
  }

  /**
   * Goes on with what there is of the file, or begins anew. What was begun of another version of the file is removed.
   *
   * @param onOutdated - called when something is removed
   */
  static async open(target: string, source: SourceFile, onOutdated: () => void): Promise<PartialFile> {
    await mkdir(dirname(target), { recursive: true });
    const begun = await findBegun(target, source, onOutdated);
    const path = begun?.path ?? `${target}${PARTIAL}${generationOf(source)}`;
    const journal = begun?.journal ?? (await startJournal(path + JOURNAL, source, BLOCK_BYTES));
    const file = await open(path, OPEN_OR_CREATE);
    try {
      await file.truncate(source.bytes);
      return new PartialFile(target, path, file, await open(path + JOURNAL, 'a'), journal);
    } catch (error) {
      await file.close();
      throw asDiskError(error, path);
    }
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        const left = bytes.length - written;
        written += (await this.#file.write(bytes, written, left, position + written)).bytesWritten;
      }
    } catch (error) {
      throw asDiskError(error, this.#path);
    }
  }

  /**
   * Notes down that a block's bytes are written: at once for the case that this process is killed, and again, for the
   * case of a power cut, when it is on disk.
   *
   * @param most - so many blocks may be at the mercy of a power cut; waits where there are more
   */
  async commit(block: number, most: number): Promise<void> {
    try {
      await this.#journalFile.appendFile(writtenLine(block, BOOT));
      await this.#commits.add(block, most);
    } catch (error) {
      throw asDiskError(error, this.#path);
    }
  }

  /** Resolves once all blocks taken are noted down. */
  async committed(): Promise<void> {
    try {
      await this.#commits.all();
    } catch (error) {
      throw asDiskError(error, this.#path);
    }
  }

  /** Gives the whole file its name. */
  async finish(): Promise<void> {
    await this.committed();
    try {
      await this.#file.sync();
      await this.close();
      await rename(this.#path, this.#target);
    } catch (error) {
      await this.#acceptOther(error);
    }
    await syncFolder(dirname(this.#target));
    for (const name of await partialsOf(this.#target)) await rm(name, { force: true });
  }

  async close(): Promise<void> {
    await this.#journalFile.close();
    await this.#file.close();
  }

  /** Another process that fetched the same file may have been first to name it. */
  async #acceptOther(error: unknown): Promise<void> {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asDiskError(error, this.#target);
    if ((await statIfThere(this.#target))?.size === this.journal.head.bytes) return;
    throw new SerengetiError('SOURCE_CHANGED', `${this.#path} was removed while it was fetched: the file changed`, {
      cause: error,
      details: { path: this.#path },
    });
  }
}

async function findBegun(
  target: string,
  source: SourceFile,
  onOutdated: () => void,
): Promise<{ path: string; journal: Journal } | undefined> {
  for (const path of await partialsOf(target)) {
    if (path.endsWith(JOURNAL)) continue;
    const journal = await readJournal(path + JOURNAL, BOOT);
    if (journal?.head.blockBytes === BLOCK_BYTES && isSameSource(journal.head, source)) return { path, journal };
    if (journal !== undefined) onOutdated();
    await rm(path, { force: true });
    await rm(path + JOURNAL, { force: true });
  }
  return undefined;
}

/** Partial files of all versions, and their journals. */
async function partialsOf(target: string): Promise<string[]> {
  const folder = dirname(target);
  const names = (await readdir(folder)).filter((name) => name.startsWith(basename(target) + PARTIAL));
  return names.sort().map((name) => join(folder, name));
}

/** Names the version of the file, so that processes that see different versions do not write into one file. */
function generationOf(source: SourceFile): string {
  const facts = JSON.stringify([source.bytes, source.at]);
  return createHash('sha256').update(facts).digest('hex').slice(0, 12);
}
