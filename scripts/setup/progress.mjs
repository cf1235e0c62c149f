const MEGABYTE = 1e6;

/** Bytes as a person reads them: `274.0 MB`. */
export function megabytes(bytes) {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/**
 * Says what set-up is doing: one line a step, and for long transfers a line that is rewritten on a terminal and
 * repeated every few seconds elsewhere (a log file shows that something moves without filling up).
 */
export class Progress {
  #stream;
  #intervalMs;
  #transientLength = 0;
  #lastTransferAt = 0;

  constructor(stream = process.stderr) {
    this.#stream = stream;
    this.#intervalMs = stream.isTTY ? 200 : 5_000;
  }

  /** @param {string} text */
  line(text) {
    this.#eraseTransient();
    this.#stream.write(`setup: ${text}\n`);
  }

  /**
   * @param {string} what
   * @param {number} bytes so far
   * @param {number} total bytes
   * @param {number} startedAt milliseconds, as of `Date.now()`
   */
  transfer(what, bytes, total, startedAt) {
    const now = Date.now();
    if (now - Math.max(this.#lastTransferAt, startedAt) < this.#intervalMs) return;
    this.#lastTransferAt = now;
    const percent = Math.min(99, Math.floor((100 * bytes) / total));
    const rate = megabytes((1000 * bytes) / (now - startedAt));
    const text = `  ${what}: ${megabytes(bytes)} of ${megabytes(total)}, ${percent} %, ${rate}/s`;
    if (!this.#stream.isTTY) return this.line(text.trimStart());
    this.#eraseTransient();
    this.#stream.write(text);
    this.#transientLength = text.length;
  }

  #eraseTransient() {
    if (this.#transientLength > 0) this.#stream.write(`\r${' '.repeat(this.#transientLength)}\r`);
    this.#transientLength = 0;
  }
}
