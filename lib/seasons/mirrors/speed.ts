/** Shorter transfers say more about latency than about speed. */
const TELLING_MS = 250;

/** Measures how fast bytes come. Time that the receiver takes over them is left out. */
export class Speed {
  #started = performance.now();
  #bytes = 0;
  #windowStarted = this.#started;
  #windowBytes = 0;

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#windowBytes += bytes;
  }

  /** Leaves out time that was spent otherwise since `began`. */
  leaveOut(began: number): void {
    const ms = performance.now() - began;
    this.#started += ms;
    this.#windowStarted += ms;
  }

  /** Bytes a second so far, once it is long enough to tell. */
  get average(): number | undefined {
    const ms = performance.now() - this.#started;
    return ms < TELLING_MS ? undefined : (this.#bytes / ms) * 1000;
  }

  /** Bytes a second over the last window of this length, each time one is full. */
  over(windowMs: number): number | undefined {
    const now = performance.now();
    const ms = now - this.#windowStarted;
    if (ms < windowMs) return undefined;
    const speed = (this.#windowBytes / ms) * 1000;
    this.#windowStarted = now;
    this.#windowBytes = 0;
    return speed;
  }
}
