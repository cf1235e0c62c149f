import type { Preprocessing } from '../../contracts/preprocessing';
import type { WorkOptions } from '../../contracts/progress';
import { DecodeAhead, type ReadLook } from '../features/decodeAhead';
import type { ReadPhotograph } from '../features/extractSeasons';
import type { FeatureTable } from '../features/table';
import type { Batch, BatchSource } from '../learning/learner';
import type { Random } from '../random';

export interface PhotographOptions {
  readonly readFrame: ReadPhotograph;
  readonly preprocessing: Preprocessing;
  readonly batchSize: number;
}

/**
 * Gives a table's photographs, decoded, in random order, batch by batch. They are read and decoded ahead: on a GPU
 * meanwhile, on a CPU in turn with TensorFlow.
 *
 * One that cannot be read although its features once could is warned of and left out.
 */
export class PhotographBatches implements BatchSource<readonly Uint8Array[]> {
  readonly #warned = new Set<number>();

  constructor(
    private readonly table: FeatureTable,
    private readonly rows: Uint32Array,
    private readonly options: PhotographOptions,
    private readonly work: WorkOptions,
  ) {}

  async *batches(random: Random): AsyncGenerator<Batch<readonly Uint8Array[]>, void, undefined> {
    const { preprocessing, batchSize } = this.options;
    const order = Array.from(random.permutation(this.rows.length), (position) => this.rows[position]!);
    const photographs = new DecodeAhead(order, (row) => this.#read(row), preprocessing, 3 * batchSize);
    let batch: { row: number; pixels: Uint8Array }[] = [];
    const take = async (): Promise<Batch<readonly Uint8Array[]>> => {
      await photographs.freeCores();
      const rows = Uint32Array.from(batch, ({ row }) => row);
      const input = batch.map(({ pixels }) => pixels);
      batch = [];
      return { rows, input };
    };
    for await (const [row, outcome] of photographs) {
      this.work.signal?.throwIfAborted();
      if ('reason' in outcome) this.#warn(row, outcome.reason);
      else batch.push({ row, pixels: outcome.pixels });
      if (batch.length === batchSize) yield await take();
    }
    if (batch.length > 0) yield await take();
  }

  async #read(row: number): Promise<ReadLook> {
    const file = await this.options.readFrame(this.#seasonOf(row), this.table.fileNameOf(row));
    return { file, box: this.table.boxOf(row) };
  }

  #seasonOf(row: number): string {
    return this.table.sequences[this.table.sequenceOf(row)]!.season;
  }

  #warn(row: number, reason: string): void {
    if (this.#warned.has(row)) return;
    this.#warned.add(row);
    const fileName = this.table.fileNameOf(row);
    this.work.onWarning?.({
      message: `${fileName} cannot be read any more and is left out of fine-tuning: ${reason}`,
      details: { season: this.#seasonOf(row), fileName },
    });
  }
}
