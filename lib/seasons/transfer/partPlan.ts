/** A stretch of a file that one connection fetches, in bytes. */
export interface Stretch {
  /** The next byte to be written. The connection moves it on. */
  position: number;
  /** One past the last byte. Another connection may take over the tail and lower it. */
  end: number;
}

/**
 * Which parts of a file are still to be fetched, and by whom. All parts but the last are equally long; a stretch is a row
 * of free parts. When none is free, the longest stretch under way is shared.
 */
export class PartPlan {
  readonly bytes: number;
  readonly partBytes: number;
  /** Parts that nobody has fetched or is fetching, by number. */
  readonly #free: Uint8Array;
  readonly #active = new Set<Stretch>();
  #freeParts: number;
  #cursor = 0;

  /** @param has - whether a part is there already */
  constructor(bytes: number, partBytes: number, has: (part: number) => boolean) {
    this.bytes = bytes;
    this.partBytes = partBytes;
    this.#free = Uint8Array.from({ length: Math.ceil(bytes / partBytes) }, (_, part) => (has(part) ? 0 : 1));
    this.#freeParts = this.#free.reduce((sum, free) => sum + free, 0);
  }

  get freeParts(): number {
    return this.#freeParts;
  }

  /** Bytes of the free parts. */
  get freeBytes(): number {
    const missingInLast = this.#free.at(-1) === 1 ? this.#free.length * this.partBytes - this.bytes : 0;
    return this.#freeParts * this.partBytes - missingInLast;
  }

  /** @returns `undefined` when there is nothing left to take, though others may still be at work */
  take(mostParts: number): Stretch | undefined {
    return this.#takeFree(mostParts) ?? this.#takeTail();
  }

  /** A stretch has all its bytes. */
  finish(stretch: Stretch): void {
    this.#active.delete(stretch);
  }

  /** One past the last byte of the part that a byte is in. */
  partEnd(position: number): number {
    return Math.min((Math.floor(position / this.partBytes) + 1) * this.partBytes, this.bytes);
  }

  #takeFree(mostParts: number): Stretch | undefined {
    if (this.#freeParts === 0) return undefined;
    const first = this.#free.indexOf(1, this.#cursor);
    let next = first;
    while (next - first < mostParts && this.#free[next] === 1) this.#free[next++] = 0;
    this.#cursor = next;
    this.#freeParts -= next - first;
    return this.#start(first * this.partBytes, this.partEnd((next - 1) * this.partBytes));
  }

  /** The back half of the longest rest that a connection has before it, in whole parts. */
  #takeTail(): Stretch | undefined {
    let longest: Stretch | undefined;
    let most = 0;
    for (const stretch of this.#active) {
      const rest = this.#partsAfterCurrent(stretch);
      if (rest > most) [longest, most] = [stretch, rest];
    }
    if (longest === undefined) return undefined;
    const { end } = longest;
    longest.end = (Math.ceil(end / this.partBytes) - Math.ceil(most / 2)) * this.partBytes;
    return this.#start(longest.end, end);
  }

  #partsAfterCurrent({ position, end }: Stretch): number {
    return Math.ceil(end / this.partBytes) - Math.floor(position / this.partBytes) - 1;
  }

  #start(position: number, end: number): Stretch {
    const stretch = { position, end };
    this.#active.add(stretch);
    return stretch;
  }
}
