import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { SourceFailure, noMirrorLeft } from '../../http/failures';
import { MirrorPool, type MirrorUse } from '../mirrors/mirrorPool';
import { urlAt } from '../mirrors/source';
import { openTransport } from '../../http/openTransport';
import type { TransferPolicy, Transport } from '../../http/transport';
import type { Entry } from '../../zip/table';

/** A frame with what is known of it: where there is no archive, only its name. */
export type LooseEntry = Pick<Entry, 'name'> & Partial<Pick<Entry, 'bytes' | 'crc32'>>;

/** Frames that lie one by one at the mirrors, below a folder. */
export class LooseFrames {
  readonly #folder: string;
  readonly #transport: Transport;
  readonly #pool: MirrorPool;
  /** Bytes that came over the wire so far. */
  receivedBytes = 0;

  constructor(
    mirrors: readonly Mirror[],
    folder: string,
    connections: number,
    policy: TransferPolicy,
    onWarning: WorkOptions['onWarning'],
  ) {
    this.#folder = folder;
    this.#transport = openTransport(connections, policy);
    const at = mirrors.map(({ name }) => ({ mirror: name, ranges: false }));
    this.#pool = new MirrorPool(mirrors, { path: `${folder}/`, bytes: 0, validator: '', at }, at, policy, onWarning);
  }

  /**
   * A frame's bytes, checked by size and CRC-32 as far as these are known, and by the length that the server states.
   *
   * @throws SerengetiError of the last mirror when none has it as it should be
   */
  async read(entry: LooseEntry, signal?: AbortSignal): Promise<Buffer> {
    const refusals = new Map<string, SourceFailure>();
    for (;;) {
      signal?.throwIfAborted();
      const choice = this.#pool.choose(refusals);
      if ('waitMs' in choice) {
        await sleep(choice.waitMs, undefined, { signal });
        continue;
      }
      try {
        return await this.#readFrom(choice.mirror, entry, signal);
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error;
        // That one frame is not there, or is another one, says nothing about the others.
        if (error.then === 'wait') this.#pool.failed(choice.mirror, error);
        else refusals.set(choice.mirror.name, error);
        if (refusals.size === this.#pool.size)
          throw noMirrorLeft(`${this.#folder}/${entry.name}`, [...refusals.values()]);
      }
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #readFrom(mirror: MirrorUse, entry: LooseEntry, signal: AbortSignal | undefined): Promise<Buffer> {
    const url = urlAt(mirror, entry.name);
    const chunks: Uint8Array[] = [];
    this.#pool.opened(mirror);
    try {
      const pinned = { ...(entry.bytes === undefined ? {} : { bytes: entry.bytes }), ranges: false };
      const collect = (chunk: Uint8Array): boolean => {
        chunks.push(chunk);
        this.receivedBytes += chunk.length;
        this.#pool.delivered(mirror);
        return true;
      };
      await this.#transport.read(url, { pinned }, collect, signal);
    } finally {
      this.#pool.closed(mirror, undefined);
    }
    const bytes = Buffer.concat(chunks);
    if (entry.crc32 === undefined || crc32(bytes) === entry.crc32) return bytes;
    const verdict = { code: 'SOURCE_CORRUPT', then: 'leave' } as const;
    throw new SourceFailure(verdict, `${url} is not the frame of the archive: its CRC-32 differs`, { url });
  }
}
