import { setImmediate } from 'node:timers/promises';

/** The event loop gets its turn after this many milliseconds of work. */
const TURN_MS = 50;

/** Lets the event loop have its turn now and then, and stops where it was told to. */
export class Turns {
  #since = performance.now();

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** @returns whether a turn was due */
  async take(): Promise<boolean> {
    if (performance.now() - this.#since < TURN_MS) return false;
    await setImmediate();
    this.signal?.throwIfAborted();
    this.#since = performance.now();
    return true;
  }
}
