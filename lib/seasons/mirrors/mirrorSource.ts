import { setTimeout as sleep } from 'node:timers/promises';
import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { SourceFailure } from '../../http/failures';
import { openTransport } from '../../http/openTransport';
import { TRANSFER_POLICY, type ByteRange, type Sink, type TransferPolicy, type Transport } from '../../http/transport';
import { MirrorPool, type MirrorUse } from './mirrorPool';
import { urlAt, type MirrorCopy, type SourceFile } from './source';
import { Speed } from './speed';
import { Throttle } from './throttle';

export interface SourceOptions extends Pick<WorkOptions, 'onWarning'> {
  /** Requests at a time, over all mirrors. @default 8 */
  readonly connections?: number;
  /** Limit on all requests of this process that have the same limit. @default none */
  readonly bytesPerSecond?: number;
  readonly policy?: Partial<TransferPolicy>;
  /** Told when all mirrors are resting, and why. */
  readonly onWait?: (note: string) => void;
}

/** What is asked for: a range or the whole of the source's file, or a file below the source's folder. */
export interface Wanted {
  /** Absent: the whole file. */
  readonly range?: ByteRange;
  /** Path below the source's folder. Mirrors that refuse one file may have the others. */
  readonly below?: string;
  /** Of the file below the folder, where it is known. */
  readonly bytes?: number | undefined;
  /** Mirrors that are of no use for this request. */
  readonly except?: { has(mirror: string): boolean };
}

/** How a request ended: by itself, because the sink had enough or the mirror was slow, or with the mirror's failure. */
export interface Answered {
  readonly mirror: string;
  readonly failure?: SourceFailure;
}

/** Takes bytes as they come. @returns whether to go on */
export type MirrorSink = (chunk: Uint8Array, mirror: string) => ReturnType<Sink>;

/**
 * A file, or a folder of files, at several mirrors. All requests to mirrors are made here, and so is what is decided
 * about them: which mirror serves one, how long a failing one rests, when a slow one is left, how fast bytes may come.
 */
export class MirrorSource {
  readonly #transport: Transport;
  readonly #pool: MirrorPool;
  readonly #policy: TransferPolicy;
  readonly #throttle: Throttle;
  readonly #onWait: SourceOptions['onWait'];
  /** Bytes that came over the wire so far. */
  receivedBytes = 0;

  /** @param copies - those of the file's copies that may be used */
  constructor(
    mirrors: readonly Mirror[],
    file: SourceFile,
    copies: readonly MirrorCopy[],
    { connections = 8, bytesPerSecond, policy, onWarning, onWait }: SourceOptions,
  ) {
    this.#policy = { ...TRANSFER_POLICY, ...policy };
    this.#transport = openTransport(connections, this.#policy);
    this.#pool = new MirrorPool(mirrors, file, copies, this.#policy, onWarning);
    this.#throttle = Throttle.shared(bytesPerSecond);
    this.#onWait = onWait;
  }

  /** How many mirrors there were to begin with. */
  get mirrors(): number {
    return this.#pool.size;
  }

  /** Where no mirror is left: those that sent the whole file when asked for a part. */
  get ignoringRanges(): readonly string[] {
    return this.#pool.exhausted ? this.#pool.ignoringRanges : [];
  }

  /**
   * Makes one request, of the mirror that promises most; while all are resting, it waits. Whoever lacks bytes afterwards
   * asks again, which may go to another mirror.
   *
   * @throws SerengetiError when no mirror is left; what the sink threw; the signal's reason
   */
  async request(wanted: Wanted, sink: MirrorSink, signal?: AbortSignal): Promise<Answered> {
    const mirror = await this.#choose(wanted, signal);
    const speed = new Speed();
    this.#pool.opened(mirror);
    try {
      await this.#read(mirror, wanted, speed, sink, signal);
      this.#pool.delivered(mirror);
      return { mirror: mirror.name };
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      // That one of many files is not there, or is another one, says nothing about the others.
      if (wanted.below === undefined || error.then === 'wait') this.#pool.failed(mirror, error);
      return { mirror: mirror.name, failure: error };
    } finally {
      this.#pool.closed(mirror, speed.average);
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #choose({ except }: Wanted, signal: AbortSignal | undefined): Promise<MirrorUse> {
    for (;;) {
      signal?.throwIfAborted();
      const choice = this.#pool.choose(except);
      if ('mirror' in choice) return choice.mirror;
      this.#onWait?.(`waiting ${Math.ceil(choice.waitMs / 1000)} s: ${choice.because}`);
      await sleep(choice.waitMs, undefined, { signal });
    }
  }

  async #read(
    mirror: MirrorUse,
    { range, below, bytes }: Wanted,
    speed: Speed,
    sink: MirrorSink,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    // What a mirror does not send in parts would have to begin anew.
    const goOn = (more: boolean): boolean => more && (range === undefined || !this.#isSlow(speed));
    const take: Sink = (chunk) => {
      this.receivedBytes += chunk.length;
      speed.add(chunk.length);
      // Without ranges a failure loses what came: only the whole is progress.
      if (range !== undefined) this.#pool.delivered(mirror);
      const more = sink(chunk, mirror.name);
      if (typeof more === 'boolean') return goOn(more);
      const began = performance.now();
      return more.then((result) => {
        speed.leaveOut(began);
        return goOn(result);
      });
    };
    const takeSlowly: Sink = async (chunk) => {
      await this.#throttle.pass(chunk.length, signal);
      return await take(chunk);
    };
    const url = below === undefined ? mirror.url : urlAt({ url: mirror.url }, below);
    const pinned = below === undefined ? mirror.pinned : { ...(bytes === undefined ? {} : { bytes }), ranges: false };
    const request = range === undefined ? { pinned } : { range, pinned };
    await this.#transport.read(url, request, this.#throttle.limits ? takeSlowly : take, signal);
  }

  #isSlow(speed: Speed): boolean {
    const { slowAfterMs, slowShare } = this.#policy;
    const latest = speed.over(slowAfterMs);
    return latest !== undefined && latest < this.#pool.bestSpeed * slowShare;
  }
}
