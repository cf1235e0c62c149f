import { setTimeout as sleep } from 'node:timers/promises';
import { SourceFailure } from '../../http/failures';
import type { MirrorPool, MirrorUse } from '../mirrors/mirrorPool';
import type { ByteRange, TransferPolicy, Transport } from '../../http/transport';
import type { BlockPlan, Stretch } from './blockPlan';
import type { Crew } from './crew';
import type { PartialFile } from './partialFile';
import type { DiskSpace } from './space';
import type { Tally } from './tally';
import type { Throttle } from './throttle';

/** What the connections of a download share. */
export interface Job {
  readonly transport: Transport;
  readonly policy: TransferPolicy;
  readonly pool: MirrorPool;
  readonly plan: BlockPlan;
  readonly partial: PartialFile;
  readonly throttle: Throttle;
  readonly space: DiskSpace;
  readonly tally: Tally;
  readonly crew: Crew;
  /** At most. */
  readonly connections: number;
}

/** A request covers at most so many blocks: the mirror is chosen anew for each, and a lost one costs little. */
const MOST_BLOCKS = 16;
/** Bytes are gathered to so many before they are written, or for so long. */
const WRITE_BYTES = 1 << 20;
const WRITE_AFTER_MS = 250;
/** Shorter transfers say more about latency than about speed. */
const TELLING_MS = 250;

/**
 * Fetches stretch after stretch until none is left to take. Its own leftovers it takes again itself.
 *
 * @param member - of the crew, from 0
 */
export async function runConnection(job: Job, member: number, signal: AbortSignal): Promise<void> {
  let buffer: Buffer | undefined;
  for (;;) {
    await job.crew.turnOf(member, signal);
    signal.throwIfAborted();
    const stretch = job.plan.take(fairShare(job));
    if (stretch === undefined) return job.crew.end();
    buffer ??= Buffer.allocUnsafeSlow(WRITE_BYTES);
    try {
      await fetchStretch(job, stretch, buffer, signal);
    } finally {
      job.plan.giveBack(stretch);
    }
  }
}

/** Several requests a connection, so that faster ones get more of them. */
function fairShare({ plan, connections }: Job): number {
  const share = Math.ceil(plan.freeBytes / plan.blockBytes / (connections * 4));
  return Math.min(Math.max(share, 1), MOST_BLOCKS);
}

async function fetchStretch(job: Job, stretch: Stretch, buffer: Buffer, signal: AbortSignal): Promise<void> {
  const choice = job.pool.choose();
  if ('waitMs' in choice) {
    job.tally.note(`waiting ${Math.ceil(choice.waitMs / 1000)} s: ${choice.because}`);
    await sleep(choice.waitMs, undefined, { signal });
    return;
  }
  const { mirror } = choice;
  const clock = new Clock();
  job.pool.opened(mirror);
  try {
    await transfer(job, new StretchWriter(job, stretch, mirror, buffer), mirror, clock, signal);
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    job.pool.failed(mirror, error);
  } finally {
    job.pool.closed(mirror, clock.speed());
  }
}

async function transfer(
  job: Job,
  writer: StretchWriter,
  mirror: MirrorUse,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { transport, pool, policy, throttle, crew } = job;
  // The tail may have been taken over by a connection that had nothing to do.
  const wantsMore = (): boolean => !writer.finished && !isTooSlow(clock, pool, policy);
  const take = (chunk: Uint8Array): boolean | Promise<boolean> => {
    pool.delivered(mirror);
    clock.add(chunk.length);
    crew.delivered(chunk.length);
    const written = writer.add(chunk);
    return written === undefined ? wantsMore() : written.then(wantsMore);
  };
  const takeSlowly = async (chunk: Uint8Array): Promise<boolean> => {
    await throttle.pass(chunk.length, signal);
    return take(chunk);
  };
  const { range } = writer;
  try {
    await transport.read(mirror.url, { range, pinned: mirror.pinned }, throttle.limits ? takeSlowly : take, signal);
  } finally {
    await writer.flush();
  }
}

function isTooSlow(clock: Clock, pool: MirrorPool, { slowAfterMs, slowShare }: TransferPolicy): boolean {
  const speed = clock.speedOver(slowAfterMs);
  return speed !== undefined && speed < pool.bestSpeed * slowShare;
}

/**
 * Puts the bytes of one stretch into the file, in writes of a good size, and commits each block that is full. Chunks are
 * copied together: keeping them until they are written would cost more, in garbage collection.
 */
class StretchWriter {
  readonly #job: Job;
  readonly #stretch: Stretch;
  readonly #mirror: MirrorUse;
  readonly #buffer: Buffer;
  #gathered = 0;
  #lastWrite = performance.now();

  constructor(job: Job, stretch: Stretch, mirror: MirrorUse, buffer: Buffer) {
    this.#job = job;
    this.#stretch = stretch;
    this.#mirror = mirror;
    this.#buffer = buffer;
  }

  /** What is still to be fetched. */
  get range(): ByteRange {
    return { start: this.#stretch.position, end: this.#stretch.end };
  }

  /** Whether the stretch has all its bytes, as far as it is still this connection's. */
  get finished(): boolean {
    return this.#stretch.position + this.#gathered >= this.#stretch.end;
  }

  /** @returns a promise when bytes are written meanwhile: most chunks are only gathered */
  add(chunk: Uint8Array): Promise<void> | undefined {
    if (chunk.length >= this.#room()) return this.#addAndWrite(chunk);
    this.#gather(chunk);
    return performance.now() - this.#lastWrite >= WRITE_AFTER_MS ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    if (this.#gathered === 0) return;
    const { partial, space, tally, plan } = this.#job;
    const bytes = this.#gathered;
    await partial.write(this.#buffer.subarray(0, bytes), this.#stretch.position);
    this.#gathered = 0;
    this.#stretch.position += bytes;
    this.#lastWrite = performance.now();
    tally.add(bytes, this.#mirror.name);
    await space.watch(bytes, tally.left);
    if (this.#stretch.position % plan.blockBytes === 0 || this.#stretch.position === plan.bytes) {
      await this.#blockDone(Math.ceil(this.#stretch.position / plan.blockBytes) - 1);
    }
  }

  /** A chunk that fills the buffer or a block, or more: bytes behind the stretch's end are another connection's. */
  async #addAndWrite(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.length > 0 && !this.finished) {
      const room = this.#room();
      this.#gather(rest.subarray(0, room));
      if (rest.length >= room) await this.flush();
      rest = rest.subarray(room);
    }
  }

  #gather(chunk: Uint8Array): void {
    this.#buffer.set(chunk, this.#gathered);
    this.#gathered += chunk.length;
  }

  async #blockDone(block: number): Promise<void> {
    const { plan, partial, connections } = this.#job;
    plan.written(block);
    // With the block under way, what is lost at worst stays below a request a connection.
    await partial.commit(block, (MOST_BLOCKS - 1) * connections);
  }

  /** How many bytes can be gathered until something has to be written, or the stretch ends. */
  #room(): number {
    const { blockBytes, bytes } = this.#job.plan;
    const at = this.#stretch.position + this.#gathered;
    const blockEnd = (Math.floor(at / blockBytes) + 1) * blockBytes;
    const end = Math.min(blockEnd, bytes, this.#stretch.end);
    return Math.min(end - at, this.#buffer.length - this.#gathered);
  }
}

/** Measures a transfer. */
class Clock {
  readonly #started = performance.now();
  #bytes = 0;
  #windowStarted = this.#started;
  #windowBytes = 0;

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#windowBytes += bytes;
  }

  /** Bytes a second so far, once it is long enough to tell. */
  speed(): number | undefined {
    const ms = performance.now() - this.#started;
    return ms < TELLING_MS ? undefined : (this.#bytes / ms) * 1000;
  }

  /** Bytes a second over the last window of this length, each time one is full. */
  speedOver(windowMs: number): number | undefined {
    const now = performance.now();
    const ms = now - this.#windowStarted;
    if (ms < windowMs) return undefined;
    const speed = (this.#windowBytes / ms) * 1000;
    this.#windowStarted = now;
    this.#windowBytes = 0;
    return speed;
  }
}
