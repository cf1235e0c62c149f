import { posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { SourceFailure } from '../../http/failures';
import { MirrorPool, type MirrorUse } from './mirrorPool';
import type { SourceFile } from './source';
import { openTransport } from '../../http/openTransport';
import { TRANSFER_POLICY, type TransferPolicy, type Transport } from '../../http/transport';
import type { RangeReader } from '../../zip/reader';

export interface RemoteOptions extends Pick<WorkOptions, 'onWarning'> {
  /** Requests at a time. @default 8 */
  readonly connections?: number;
  readonly policy?: Partial<TransferPolicy>;
}

export interface RemoteReader extends RangeReader {
  /** Bytes that came over the wire so far. */
  readonly receivedBytes: number;
  /** Whether no mirror is left, and one because it sent the whole file when asked for a part. */
  readonly rangesIgnored: boolean;
}

/** Reads byte ranges of a file from its mirrors; one that fails in the middle of a range is followed up by another. */
export function openRemoteReader(
  mirrors: readonly Mirror[],
  file: SourceFile,
  { connections = 8, policy: given, onWarning }: RemoteOptions = {},
): RemoteReader {
  const policy = { ...TRANSFER_POLICY, ...given };
  const ranged = file.at.filter((copy) => copy.ranges);
  return new MirrorReader(
    file,
    openTransport(connections, policy),
    new MirrorPool(mirrors, file, ranged, policy, onWarning),
  );
}

class MirrorReader implements RemoteReader {
  readonly name: string;
  readonly bytes: number;
  readonly #transport: Transport;
  readonly #pool: MirrorPool;
  receivedBytes = 0;

  constructor(file: SourceFile, transport: Transport, pool: MirrorPool) {
    this.name = posix.basename(file.path);
    this.bytes = file.bytes;
    this.#transport = transport;
    this.#pool = pool;
  }

  async read(
    start: number,
    length: number,
    signal?: AbortSignal,
    into = Buffer.allocUnsafeSlow(length),
  ): Promise<Buffer> {
    const buffer = into.subarray(0, length);
    let filled = 0;
    while (filled < length) {
      signal?.throwIfAborted();
      const choice = this.#pool.choose();
      if ('waitMs' in choice) {
        await sleep(choice.waitMs, undefined, { signal });
        continue;
      }
      filled += await this.#readSome(choice.mirror, buffer.subarray(filled), start + filled, signal);
    }
    return buffer;
  }

  get rangesIgnored(): boolean {
    return this.#pool.exhausted && this.#pool.ignoringRanges.length > 0;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** @returns how many bytes came before the mirror failed, or all */
  async #readSome(mirror: MirrorUse, into: Buffer, start: number, signal: AbortSignal | undefined): Promise<number> {
    let filled = 0;
    const began = performance.now();
    this.#pool.opened(mirror);
    try {
      const range = { start, end: start + into.length };
      const take = (chunk: Uint8Array): boolean => {
        into.set(chunk, filled);
        filled += chunk.length;
        this.receivedBytes += chunk.length;
        this.#pool.delivered(mirror);
        return true;
      };
      await this.#transport.read(mirror.url, { range, pinned: mirror.pinned }, take, signal);
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      this.#pool.failed(mirror, error);
    } finally {
      this.#pool.closed(mirror, (filled / (performance.now() - began)) * 1000);
    }
    return filled;
  }
}
