import { setTimeout as sleep } from 'node:timers/promises';

/** Lets bytes through at a steady rate, shared by all connections of a download. */
export class Throttle {
  readonly #bytesPerMs: number;
  /** When the bytes let through so far are paid for. */
  #freeAt = 0;

  /** @param bytesPerSecond - `undefined`: no limit */
  constructor(bytesPerSecond: number | undefined) {
    this.#bytesPerMs = (bytesPerSecond ?? Infinity) / 1000;
  }

  /** Whether there is a limit at all. */
  get limits(): boolean {
    return this.#bytesPerMs !== Infinity;
  }

  /** Resolves when these bytes may be followed by others. */
  async pass(bytes: number, signal: AbortSignal): Promise<void> {
    if (!this.limits) return;
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / this.#bytesPerMs;
    await sleep(this.#freeAt - now, undefined, { signal });
  }
}
