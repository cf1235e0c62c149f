import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import { asDiskError, statIfThere, syncFolder } from '../../store/files';
import type { SourceFile } from '../mirrors/source';
import { commitLines, isSameSource, readJournal, startJournal, type Journal } from './journal';

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
  /** Written, but not yet noted down. */
  #pending: number[] = [];
  #committing: Promise<void> | undefined;
  #uncommitted = 0;

  private constructor(target: string, path: string, file: FileHandle, journalFile: FileHandle, journal: Journal) {
    this.#target = target;
    this.#path = path;
    this.#file = file;
    this.#journalFile = journalFile;
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

  /** Blocks whose bytes are written and that a power cut could still take away. */
  get uncommitted(): number {
    return this.#uncommitted;
  }

  /** Notes a block down as soon as it is on disk. Several that come in meanwhile are synced together. */
  commit(block: number): void {
    this.#pending.push(block);
    this.#uncommitted++;
    this.#committing ??= this.#commitPending().finally(() => {
      this.#committing = undefined;
    });
    // Reported by whoever waits for the commits; a rejection meanwhile is no unhandled one.
    this.#committing.catch(() => undefined);
  }

  /** @returns once everything handed to `commit` is noted down */
  async committed(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
    // A failed sync leaves its blocks behind.
    if (this.#uncommitted > 0) await this.#commitPending();
  }

  /** Gives the whole file its name. */
  async finish(): Promise<void> {
    await this.committed();
    await this.#file.sync();
    await this.close();
    try {
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

  async #commitPending(): Promise<void> {
    while (this.#pending.length > 0) {
      const blocks = this.#pending;
      this.#pending = [];
      try {
        await this.#file.datasync();
        await this.#journalFile.appendFile(commitLines(blocks));
      } catch (error) {
        this.#pending.push(...blocks);
        throw asDiskError(error, this.#path);
      }
      this.#uncommitted -= blocks.length;
    }
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
    const journal = await readJournal(path + JOURNAL);
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
