import { setTimeout as sleep } from 'node:timers/promises';

/** Lets bytes through at a steady rate, shared by all connections of all transfers with the same limit. */
export class Throttle {
  static readonly #shared = new Map<number | undefined, Throttle>();

  readonly #bytesPerMs: number;
  /** When the bytes let through so far are paid for. */
  #freeAt = 0;

  /** @param bytesPerSecond - `undefined`: no limit */
  private constructor(bytesPerSecond: number | undefined) {
    this.#bytesPerMs = (bytesPerSecond ?? Infinity) / 1000;
  }

  /** The one throttle of this process for a limit: what has the same limit shares it. */
  static shared(bytesPerSecond: number | undefined): Throttle {
    let throttle = Throttle.#shared.get(bytesPerSecond);
    if (throttle === undefined) Throttle.#shared.set(bytesPerSecond, (throttle = new Throttle(bytesPerSecond)));
    return throttle;
  }

  /** Whether there is a limit at all. */
  get limits(): boolean {
    return this.#bytesPerMs !== Infinity;
  }

  /** Resolves when these bytes may be followed by others. */
  async pass(bytes: number, signal?: AbortSignal): Promise<void> {
    if (!this.limits) return;
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / this.#bytesPerMs;
    await sleep(this.#freeAt - now, undefined, { signal });
  }
}
