const FREE = 0;
const TAKEN = 1;
const WRITTEN = 2;

/** A stretch of a file that one connection fetches, in bytes. */
export interface Stretch {
  /** The next byte to come. The connection moves it on. */
  position: number;
  /** One past the last byte. Another connection may take over the tail and lower it. */
  end: number;
}

/**
 * Which parts of a file are still to be fetched, and by whom. The file is cut into blocks of equal size; a stretch is
 * a row of free blocks. When none is free, the longest stretch under way is shared.
 */
export class BlockPlan {
  readonly bytes: number;
  readonly blockBytes: number;
  readonly #states: Uint8Array;
  readonly #active = new Set<Stretch>();
  /** Where to go on in blocks that were given back half done. */
  readonly #resumeAt = new Map<number, number>();
  #free: number;
  #cursor = 0;

  /** @param isDone - whether a block is there already */
  constructor(bytes: number, blockBytes: number, isDone: (block: number) => boolean) {
    this.bytes = bytes;
    this.blockBytes = blockBytes;
    this.#states = Uint8Array.from({ length: Math.ceil(bytes / blockBytes) }, (_, i) => (isDone(i) ? WRITTEN : FREE));
    this.#free = this.#states.reduce((sum, state) => sum + (state === FREE ? 1 : 0), 0);
  }

  /** Whether every block is written. */
  get finished(): boolean {
    return this.#free === 0 && this.#active.size === 0;
  }

  /** Bytes of blocks that nobody has fetched or is fetching. */
  get freeBytes(): number {
    const lastIsFree = this.#states.at(-1) === FREE;
    const missingInLast = this.#states.length * this.blockBytes - this.bytes;
    return this.#free * this.blockBytes - (lastIsFree ? missingInLast : 0);
  }

  /** @returns `undefined` when there is nothing left to take, though others may still be at work */
  take(mostBlocks: number): Stretch | undefined {
    return this.#takeFree(mostBlocks) ?? this.#takeTail();
  }

  /** Marks a block as written when its last byte is. */
  written(block: number): void {
    this.#states[block] = WRITTEN;
  }

  /** Ends a stretch: what it did not get to is free again, from the very byte. */
  giveBack(stretch: Stretch): void {
    this.#active.delete(stretch);
    if (stretch.position >= stretch.end) return;
    const first = Math.floor(stretch.position / this.blockBytes);
    if (stretch.position % this.blockBytes !== 0) this.#resumeAt.set(first, stretch.position);
    for (let block = first; block * this.blockBytes < stretch.end; block++) {
      this.#states[block] = FREE;
      this.#free++;
    }
    this.#cursor = Math.min(this.#cursor, first);
  }

  #takeFree(mostBlocks: number): Stretch | undefined {
    if (this.#free === 0) return undefined;
    while (this.#states[this.#cursor] !== FREE) this.#cursor++;
    const first = this.#cursor;
    while (this.#cursor - first < mostBlocks && this.#states[this.#cursor] === FREE) {
      // A half-fetched block can only begin a stretch.
      if (this.#cursor > first && this.#resumeAt.has(this.#cursor)) break;
      this.#states[this.#cursor++] = TAKEN;
      this.#free--;
    }
    const position = this.#resumeAt.get(first) ?? first * this.blockBytes;
    this.#resumeAt.delete(first);
    return this.#start(position, this.#endOf(this.#cursor - 1));
  }

  /** The back half of the longest rest that a connection has before it, in whole blocks. */
  #takeTail(): Stretch | undefined {
    let longest: Stretch | undefined;
    let most = 0;
    for (const stretch of this.#active) {
      const rest = this.#blocksAfterCurrent(stretch);
      if (rest > most) [longest, most] = [stretch, rest];
    }
    if (longest === undefined) return undefined;
    const { end } = longest;
    longest.end = (Math.ceil(end / this.blockBytes) - Math.ceil(most / 2)) * this.blockBytes;
    return this.#start(longest.end, end);
  }

  #blocksAfterCurrent({ position, end }: Stretch): number {
    return Math.ceil(end / this.blockBytes) - Math.floor(position / this.blockBytes) - 1;
  }

  #start(position: number, end: number): Stretch {
    const stretch = { position, end };
    this.#active.add(stretch);
    return stretch;
  }

  #endOf(block: number): number {
    return Math.min((block + 1) * this.blockBytes, this.bytes);
  }
}
