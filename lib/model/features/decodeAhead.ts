import { isSerengetiError, type ErrorCode } from '../../contracts/errors';
import type { Preprocessing } from '../../contracts/model';
import { decodeFrame, type DecodedFrame } from './decode';

/** A photograph that can be used, or why it cannot. */
export type FrameOutcome = DecodedFrame | { readonly reason: string };

/** Failures of one photograph, which the others do not share. */
const FAILURES_OF_ONE: readonly ErrorCode[] = ['FRAME_UNREADABLE', 'ENTRY_CORRUPT'];

/**
 * Reads and decodes photographs in the given order, each given back with what came of it, up to `ahead` of them before they are asked for. While TensorFlow
 * has the JavaScript thread, the threads of libuv work off what was started; it takes `ahead` of three batches, one
 * being read, one being decoded, one waiting, so that neither side waits for the other.
 *
 * @throws what reading a photograph throws, unless that concerns this photograph alone
 */
export async function* decodeAhead<T>(
  photographs: readonly T[],
  read: (photograph: T) => Promise<Uint8Array>,
  preprocessing: Preprocessing,
  ahead: number,
): AsyncGenerator<readonly [T, FrameOutcome], void, undefined> {
  const started: Promise<FrameOutcome>[] = [];
  let next = 0;
  for (const photograph of photographs) {
    while (next < photographs.length && started.length < ahead) {
      const outcome = readAndDecode(photographs[next++]!, read, preprocessing);
      outcome.catch(() => undefined); // thrown when its turn comes; until then it is not unhandled
      started.push(outcome);
    }
    yield [photograph, await started.shift()!];
  }
}

async function readAndDecode<T>(
  photograph: T,
  read: (photograph: T) => Promise<Uint8Array>,
  preprocessing: Preprocessing,
): Promise<FrameOutcome> {
  try {
    return await decodeFrame(await read(photograph), preprocessing);
  } catch (error) {
    if (isSerengetiError(error) && FAILURES_OF_ONE.includes(error.code)) return { reason: error.message };
    throw error;
  }
}
