import type { FileHandle } from 'node:fs/promises';
import { commitLines } from './journal';

/** Syncing may take this share of the time. On a slow link it is done at once; on a fast one it must not slow writing. */
const SYNCING_SHARE = 0.2;

/** Notes blocks down once they are on disk, several at a time. */
export class Commits {
  readonly #file: FileHandle;
  readonly #journal: FileHandle;
  /** Written, but not yet noted down. */
  #pending: number[] = [];
  #running: Promise<void> | undefined;
  #runningBlocks = 0;
  #nextAt = 0;

  constructor(file: FileHandle, journal: FileHandle) {
    this.#file = file;
    this.#journal = journal;
  }

  /**
   * Takes a block whose bytes are written.
   *
   * @param most - so many blocks may be at the mercy of a power cut
   * @returns a promise to wait for when there are more
   */
  add(block: number, most: number): Promise<void> | undefined {
    this.#pending.push(block);
    const isDue = performance.now() >= this.#nextAt || this.#pending.length >= most / 2;
    if (isDue && this.#running === undefined) {
      // Reported by whoever waits for the commits; a rejection meanwhile is no unhandled one.
      this.#run().catch(() => undefined);
    }
    return this.#pending.length + this.#runningBlocks > most ? this.all() : undefined;
  }

  /** Resolves once every block taken is noted down. */
  async all(): Promise<void> {
    await this.#running;
    while (this.#pending.length > 0) await (this.#running ?? this.#run());
  }

  #run(): Promise<void> {
    const blocks = this.#pending;
    this.#pending = [];
    this.#runningBlocks = blocks.length;
    this.#running = this.#commit(blocks).finally(() => {
      this.#running = undefined;
      this.#runningBlocks = 0;
    });
    return this.#running;
  }

  async #commit(blocks: readonly number[]): Promise<void> {
    const started = performance.now();
    try {
      await this.#file.datasync();
      await this.#journal.appendFile(commitLines(blocks));
    } catch (error) {
      this.#pending.push(...blocks);
      throw error;
    }
    const ended = performance.now();
    this.#nextAt = ended + (ended - started) * (1 / SYNCING_SHARE - 1);
  }
}
