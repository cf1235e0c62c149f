import { setTimeout as sleep } from 'node:timers/promises';
import { SourceFailure } from '../../http/failures';
import type { MirrorUse } from '../mirrors/mirrorPool';
import type { Job } from './connection';

/**
 * Fetches a file from mirrors that send it only as a whole: one connection, from the first byte, and again from the
 * first byte when it breaks off.
 */
export async function fetchWhole(job: Job, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const choice = job.pool.choose();
    if ('waitMs' in choice) {
      job.tally.note(`waiting ${Math.ceil(choice.waitMs / 1000)} s: ${choice.because}`);
      await sleep(choice.waitMs, undefined, { signal });
      continue;
    }
    try {
      await transferWhole(job, choice.mirror, signal);
      return;
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      // Bytes that came are no progress here, so the mirror's failures add up.
      job.pool.failed(choice.mirror, error);
      job.tally.startOver();
    }
  }
}

async function transferWhole(job: Job, mirror: MirrorUse, signal: AbortSignal): Promise<void> {
  const { transport, throttle, partial, space, tally } = job;
  let position = 0;
  const write = async (chunk: Uint8Array): Promise<boolean> => {
    await throttle.pass(chunk.length, signal);
    await partial.write(chunk, position);
    position += chunk.length;
    tally.add(chunk.length, mirror.name);
    await space.watch(chunk.length, tally.left);
    return true;
  };
  await transport.read(mirror.url, { pinned: mirror.pinned }, write, signal);
}
