import { crc32 } from 'node:zlib';
import type { Mirror } from '../../contracts/catalog';
import { SourceFailure, noMirrorLeft } from '../../http/failures';
import type { Entry } from '../../zip/table';
import { MirrorSource, type SourceOptions } from '../mirrors/mirrorSource';

/** A frame with what is known of it: where there is no archive, only its name. */
export type LooseEntry = Pick<Entry, 'name'> & Partial<Pick<Entry, 'bytes' | 'crc32'>>;

/** Frames that lie one by one at the mirrors, below a folder. */
export class LooseFrames {
  readonly #folder: string;
  readonly #source: MirrorSource;

  constructor(mirrors: readonly Mirror[], folder: string, options: SourceOptions) {
    this.#folder = folder;
    const at = mirrors.map(({ name }) => ({ mirror: name, ranges: false }));
    this.#source = new MirrorSource(mirrors, { path: `${folder}/`, bytes: 0, validator: '', at }, at, options);
  }

  /** Bytes that came over the wire so far. */
  get receivedBytes(): number {
    return this.#source.receivedBytes;
  }

  /**
   * A frame's bytes, checked by size and CRC-32 as far as these are known, and by the length that the server states.
   *
   * @throws SerengetiError of the last mirror when none has it as it should be
   */
  async read({ name, bytes, crc32: expected }: LooseEntry, signal?: AbortSignal): Promise<Buffer> {
    const refusals = new Map<string, SourceFailure>();
    while (refusals.size < this.#source.mirrors) {
      const chunks: Uint8Array[] = [];
      const collect = (chunk: Uint8Array): boolean => chunks.push(chunk) > 0;
      const { mirror, failure } = await this.#source.request({ below: name, bytes, except: refusals }, collect, signal);
      if (failure === undefined) {
        const frame = Buffer.concat(chunks);
        if (expected === undefined || crc32(frame) === expected) return frame;
        refusals.set(mirror, otherCrc(`${mirror}: ${this.#folder}/${name}`));
      } else if (failure.then !== 'wait') {
        refusals.set(mirror, failure);
      }
    }
    throw noMirrorLeft(`${this.#folder}/${name}`, [...refusals.values()]);
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

function otherCrc(url: string): SourceFailure {
  const verdict = { code: 'SOURCE_CORRUPT', then: 'leave' } as const;
  return new SourceFailure(verdict, `${url} is not the frame of the archive: its CRC-32 differs`, { url });
}
