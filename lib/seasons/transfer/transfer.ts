import type { Mirror } from '../../contracts/catalog';
import type { Progress, WorkOptions } from '../../contracts/progress';
import { runWorkers } from '../../io/parallel';
import { MirrorSource, type SourceOptions } from '../mirrors/mirrorSource';
import type { MirrorCopy, SourceFile } from '../mirrors/source';
import { ADJUST_EVERY_MS, ConnectionLimit } from './connectionLimit';
import { PartPlan, type Stretch } from './partPlan';

/** Where the parts of a file go, in any order. */
export interface Sink {
  /** Of all parts but the last. */
  readonly partBytes: number;
  /** Most bytes that a write brings: a part, or less. */
  readonly pieceBytes: number;
  /** Whether a part, counted from 0, is there from earlier attempts. */
  has(part: number): boolean;
  /**
   * Takes the next bytes of a part, from its first on; with its last byte the part is there. The memory is the caller's
   * again when this settles. A part may come anew, with the same bytes.
   */
  write(bytes: Uint8Array, position: number, signal: AbortSignal): Promise<void>;
}

export interface TransferOptions extends WorkOptions, Pick<SourceOptions, 'bytesPerSecond' | 'policy'> {
  /** Requests at a time, over all mirrors, 1 to 64: at most, and as many as make it faster. @default 8 */
  readonly connections?: number;
}

export interface Transferred {
  readonly bytes: number;
  /** Over the wire, by this call. */
  readonly fetchedBytes: number;
  /** Taken over from earlier attempts. */
  readonly reusedBytes: number;
}

const CONNECTIONS = 8;
const MOST_CONNECTIONS = 64;
/** A request covers about so much at most: the mirror is chosen anew for each, and a lost one costs little. */
const REQUEST_BYTES = 64 << 20;
/** Pieces are written when they are complete, or after so long where a sink takes less. */
const WRITE_AFTER_MS = 250;

/**
 * Brings the parts of a file that a sink lacks from the mirrors: from all that send parts, by several connections; where
 * none does, from one that sends the whole.
 *
 * @throws SerengetiError SOURCE_UNREACHABLE, SOURCE_MISSING, SOURCE_FORBIDDEN, SOURCE_CORRUPT with what each mirror
 *   said; SOURCE_CHANGED when the file is another one than was probed; what the sink throws
 */
export async function transfer(
  { mirrors, file, sink }: { readonly mirrors: readonly Mirror[]; readonly file: SourceFile; readonly sink: Sink },
  options: TransferOptions,
): Promise<Transferred> {
  const { signal, connections = CONNECTIONS } = options;
  const most = Math.min(Math.max(connections, 1), MOST_CONNECTIONS);
  const plan = new PartPlan(file.bytes, sink.partBytes, (part) => sink.has(part));
  const tally = new Tally(file.bytes, file.bytes - plan.freeBytes, options.onProgress);
  const from = async <T>(copies: readonly MirrorCopy[], use: (source: MirrorSource) => Promise<T>): Promise<T> => {
    const onWait = (note: string): void => tally.note(note);
    const source = new MirrorSource(mirrors, file, copies, { ...options, connections: most, onWait });
    try {
      return await use(source);
    } finally {
      await source.close();
    }
  };
  tally.note();
  if (plan.freeBytes === 0) return tally.result;
  const ranged = file.at.filter((copy) => copy.ranges);
  let whole = file.at.filter((copy) => !copy.ranges);
  if (ranged.length > 0) {
    const ignoring = await from(ranged, async (source) => {
      try {
        await transferParts(source, sink, plan, tally, most, signal);
        return undefined;
      } catch (error) {
        if (signal?.aborted === true || source.ignoringRanges.length === 0) throw error;
        return source.ignoringRanges;
      }
    });
    if (ignoring === undefined) return tally.result;
    whole = file.at.filter((copy) => !copy.ranges || ignoring.includes(copy.mirror));
  }
  await from(whole, (source) => transferWhole(source, sink, file.bytes, tally, signal));
  return tally.result;
}

async function transferParts(
  source: MirrorSource,
  sink: Sink,
  plan: PartPlan,
  tally: Tally,
  connections: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const limit = new ConnectionLimit(connections, source.mirrors);
  const adjusting = setInterval(() => limit.adjust(), ADJUST_EVERY_MS);
  /** Several requests a connection, so that faster ones get more of them. */
  const fairShare = (): number => {
    const share = Math.ceil(plan.freeParts / (connections * 4));
    return Math.max(Math.min(share, Math.floor(REQUEST_BYTES / plan.partBytes)), 1);
  };
  try {
    await runWorkers(connections, signal, async (stop, connection) => {
      let buffer: Buffer | undefined;
      for (;;) {
        await limit.admit(connection, stop);
        stop.throwIfAborted();
        const stretch = plan.take(fairShare());
        if (stretch === undefined) return limit.release();
        buffer ??= Buffer.allocUnsafeSlow(Math.min(sink.pieceBytes, plan.bytes));
        const writer = new StretchWriter(stretch, plan, sink, tally, buffer, stop);
        while (!writer.finished) {
          const take = (chunk: Uint8Array, mirror: string): boolean | Promise<boolean> => {
            limit.received(chunk.length);
            return writer.add(chunk, mirror);
          };
          await source.request({ range: writer.range }, take, stop);
        }
        plan.finish(stretch);
      }
    });
  } finally {
    clearInterval(adjusting);
  }
}

/** One connection, from the first byte, and again from the first byte when it breaks off. */
async function transferWhole(
  source: MirrorSource,
  sink: Sink,
  bytes: number,
  tally: Tally,
  signal: AbortSignal | undefined,
): Promise<void> {
  const plan = new PartPlan(bytes, sink.partBytes, () => false);
  const buffer = Buffer.allocUnsafeSlow(Math.min(sink.pieceBytes, bytes));
  await runWorkers(1, signal, async (stop) => {
    for (;;) {
      tally.startOver();
      const writer = new StretchWriter({ position: 0, end: bytes }, plan, sink, tally, buffer, stop);
      const { failure } = await source.request({}, (chunk, mirror) => writer.add(chunk, mirror), stop);
      if (failure === undefined) return;
    }
  });
}

/**
 * Hands the bytes of one stretch to the sink, in pieces that end where parts do. Chunks are copied together: keeping
 * them until they are written would cost more, in garbage collection.
 */
class StretchWriter {
  readonly #stretch: Stretch;
  readonly #plan: PartPlan;
  readonly #sink: Sink;
  readonly #tally: Tally;
  readonly #buffer: Buffer;
  readonly #signal: AbortSignal;
  #gathered = 0;
  #lastWrite = performance.now();

  constructor(stretch: Stretch, plan: PartPlan, sink: Sink, tally: Tally, buffer: Buffer, signal: AbortSignal) {
    this.#stretch = stretch;
    this.#plan = plan;
    this.#sink = sink;
    this.#tally = tally;
    this.#buffer = buffer;
    this.#signal = signal;
  }

  /** What is still to be fetched. */
  get range(): { readonly start: number; readonly end: number } {
    return { start: this.#next, end: this.#stretch.end };
  }

  /** Whether the stretch has all its bytes, as far as it is still this connection's. */
  get finished(): boolean {
    return this.#next >= this.#stretch.end;
  }

  /** @returns whether bytes are missing, later when some are written meanwhile: most chunks are only gathered */
  add(chunk: Uint8Array, mirror: string): boolean | Promise<boolean> {
    const room = this.#room();
    if (chunk.length < room) {
      this.#gather(chunk);
      if (!this.#isDue()) return true;
    }
    return this.#write(chunk.length < room ? chunk.subarray(chunk.length) : chunk, mirror);
  }

  /** Bytes behind the stretch's end are another connection's. */
  async #write(chunk: Uint8Array, mirror: string): Promise<boolean> {
    let rest = chunk;
    do {
      const taken = rest.subarray(0, this.#room());
      this.#gather(taken);
      rest = rest.subarray(taken.length);
      if (this.#room() === 0 || this.#isDue()) await this.#flush(mirror);
    } while (rest.length > 0 && !this.finished);
    return !this.finished;
  }

  async #flush(mirror: string): Promise<void> {
    const bytes = this.#gathered;
    await this.#sink.write(this.#buffer.subarray(0, bytes), this.#stretch.position, this.#signal);
    this.#gathered = 0;
    this.#stretch.position += bytes;
    this.#lastWrite = performance.now();
    this.#tally.add(bytes, mirror);
  }

  #gather(chunk: Uint8Array): void {
    this.#buffer.set(chunk, this.#gathered);
    this.#gathered += chunk.length;
  }

  get #next(): number {
    return this.#stretch.position + this.#gathered;
  }

  #isDue(): boolean {
    const takesLess = this.#sink.pieceBytes < this.#plan.partBytes;
    return takesLess && this.#gathered > 0 && performance.now() - this.#lastWrite >= WRITE_AFTER_MS;
  }

  /** How many bytes can be gathered until they have to be written. */
  #room(): number {
    const end = Math.min(this.#plan.partEnd(this.#stretch.position), this.#stretch.end);
    return Math.min(end - this.#next, this.#buffer.length - this.#gathered);
  }
}

/** Counts the bytes of a transfer and tells how far it is. */
class Tally {
  readonly #total: number;
  readonly #report: ((progress: Progress) => void) | undefined;
  /** There already when this began. */
  #reused: number;
  #done = 0;
  #fetched = 0;

  constructor(total: number, reused: number, report: ((progress: Progress) => void) | undefined) {
    this.#total = total;
    this.#reused = reused;
    this.#report = report;
  }

  add(bytes: number, note: string): void {
    this.#fetched += bytes;
    this.#done += bytes;
    this.note(note);
  }

  /** All bytes come anew. */
  startOver(): void {
    this.#done = 0;
    this.#reused = 0;
  }

  note(note?: string): void {
    this.#report?.({
      done: Math.min(this.#reused + this.#done, this.#total),
      total: this.#total,
      unit: 'bytes',
      reused: this.#reused,
      ...(note === undefined ? {} : { note }),
    });
  }

  get result(): Transferred {
    return { bytes: this.#total, fetchedBytes: this.#fetched, reusedBytes: this.#reused };
  }
}
