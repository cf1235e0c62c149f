import { isSerengetiError, type ErrorCode } from '../../contracts/errors';
import type { Preprocessing } from '../../contracts/preprocessing';
import type { Box } from '../../contracts/detection';
import { deviceInUse } from '../runtime';
import { decodeFrame, type DecodedFrame } from './decode';

/** A photograph that can be used, or why it cannot. */
export type FrameOutcome = DecodedFrame | { readonly reason: string };

/** A photograph's bytes, and what of it is looked at: all of it where there is no box. */
export interface ReadLook {
  readonly file: Uint8Array;
  readonly box?: Box | null | undefined;
}

/** Failures of one photograph, which the others do not share. */
const FAILURES_OF_ONE: readonly ErrorCode[] = ['FRAME_UNREADABLE', 'ENTRY_CORRUPT'];

/**
 * Photographs in the given order, each with what came of it, up to `ahead` of them read and decoded before they are asked
 * for, on libuv's threads. `ahead` of three batches leaves one to be read and one to be decoded while one waits.
 *
 * Iterating throws what reading a photograph throws, unless that concerns this photograph alone.
 */
export class DecodeAhead<T> implements AsyncIterable<readonly [photograph: T, outcome: FrameOutcome]> {
  readonly #photographs: readonly T[];
  readonly #read: (photograph: T) => Promise<ReadLook>;
  readonly #preprocessing: Preprocessing;
  readonly #ahead: number;
  readonly #decoding = new Set<Promise<DecodedFrame>>();

  constructor(
    photographs: readonly T[],
    read: (photograph: T) => Promise<ReadLook>,
    preprocessing: Preprocessing,
    ahead: number,
  ) {
    this.#photographs = photographs;
    this.#read = read;
    this.#preprocessing = preprocessing;
    this.#ahead = ahead;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly [T, FrameOutcome], void, undefined> {
    const started: Promise<FrameOutcome>[] = [];
    let next = 0;
    for (const photograph of this.#photographs) {
      while (next < this.#photographs.length && started.length < this.#ahead) {
        const outcome = this.#readAndDecode(this.#photographs[next++]!);
        outcome.catch(() => undefined); // thrown when its turn comes; until then it is not unhandled
        started.push(outcome);
      }
      yield [photograph, await started.shift()!];
    }
  }

  /**
   * Waits until TensorFlow, where it works with several threads, has the cores for itself. The threads wait for one
   * another: one that shares its core with a decoder holds up all. So on a CPU the two take turns; a GPU leaves the
   * cores to the decoders.
   */
  async freeCores(): Promise<void> {
    if (deviceInUse() === 'gpu') return;
    while (this.#decoding.size > 0) await Promise.allSettled(this.#decoding);
  }

  async #readAndDecode(photograph: T): Promise<FrameOutcome> {
    try {
      return await this.#decode(await this.#read(photograph));
    } catch (error) {
      if (isSerengetiError(error) && FAILURES_OF_ONE.includes(error.code)) return { reason: error.message };
      throw error;
    }
  }

  async #decode({ file, box }: ReadLook): Promise<DecodedFrame> {
    const decoding = decodeFrame(file, this.#preprocessing, box);
    this.#decoding.add(decoding);
    try {
      return await decoding;
    } finally {
      this.#decoding.delete(decoding);
    }
  }
}
