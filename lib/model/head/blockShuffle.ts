import type { FeatureRows } from '../features/table';
import type { Batch, BatchSource } from '../learning/learner';
import type { Random } from '../random';

/** Rows that are read from disk at once: some megabytes, so that even a spinning disk reads more than it seeks. */
const BLOCK_ROWS = 256;

interface Window {
  readonly rows: Uint32Array;
  readonly features: Float32Array;
}

/**
 * Gives a table's rows with their features, [rows, width], in random order, batch by batch, within a bound of memory.
 *
 * What fits is read once and shuffled as a whole. What does not is read in blocks of neighbouring rows: blocks in
 * random order, as many as half the memory holds (the other half is being filled), and the rows of these shuffled. The
 * last batch of each such window may be short.
 */
export class BlockShuffle implements BatchSource<Float32Array> {
  readonly #table: FeatureRows;
  readonly #rows: Uint32Array;
  readonly #batchSize: number;
  readonly #windowBlocks: number;
  #whole: Promise<Window> | undefined;

  constructor(table: FeatureRows, rows: Uint32Array, options: { batchSize: number; memoryBytes: number }) {
    this.#table = table;
    this.#rows = rows;
    this.#batchSize = options.batchSize;
    const fits = rows.length * table.width * 4 <= options.memoryBytes;
    const blockBytes = BLOCK_ROWS * table.width * 4;
    this.#windowBlocks = fits ? this.#blocks : Math.max(1, Math.floor(options.memoryBytes / 2 / blockBytes));
  }

  async *batches(random: Random): AsyncGenerator<Batch<Float32Array>, void, undefined> {
    for await (const window of this.#windows(random)) {
      const order = random.permutation(window.rows.length);
      for (let start = 0; start < order.length; start += this.#batchSize) {
        yield this.#batch(window, order.subarray(start, start + this.#batchSize));
      }
    }
  }

  get #blocks(): number {
    return Math.ceil(this.#rows.length / BLOCK_ROWS);
  }

  async *#windows(random: Random): AsyncGenerator<Window, void, undefined> {
    if (this.#windowBlocks >= this.#blocks) {
      yield await (this.#whole ??= this.#load(Uint32Array.from({ length: this.#blocks }, (_, block) => block)));
      return;
    }
    const order = random.permutation(this.#blocks);
    const load = (start: number) => {
      const window = this.#load(order.slice(start, start + this.#windowBlocks));
      window.catch(() => undefined); // thrown when its turn comes
      return window;
    };
    let next = load(0);
    for (let start = 0; start < order.length; start += this.#windowBlocks) {
      const window = await next;
      if (start + this.#windowBlocks < order.length) next = load(start + this.#windowBlocks);
      yield window;
    }
  }

  async #load(blocks: Uint32Array): Promise<Window> {
    const parts = Array.from(blocks, (block) => this.#rows.subarray(block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS));
    const rows = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
    const features = new Float32Array(rows.length * this.#table.width);
    let filled = 0;
    for (const part of parts) {
      rows.set(part, filled);
      const end = filled + part.length;
      await this.#table.read(part, features.subarray(filled * this.#table.width, end * this.#table.width));
      filled = end;
    }
    return { rows, features };
  }

  #batch(window: Window, order: Uint32Array): Batch<Float32Array> {
    const { width } = this.#table;
    const input = new Float32Array(order.length * width);
    const rows = Uint32Array.from(order, (position, target) => {
      input.set(window.features.subarray(position * width, (position + 1) * width), target * width);
      return window.rows[position]!;
    });
    return { rows, input };
  }
}
