import { join } from 'node:path';
import type { Box } from '../../contracts/detection';
import { readKeptTensors, writeTensors } from '../safetensors';
import { scratchPath } from '../../io/files';

/** Frames of a shard that are finished together: what a killed worker loses at most. */
export const GROUP_FRAMES = 512;

/** A finished stretch of a shard. */
export interface Part {
  /** One row a usable frame, in the shard's order. */
  readonly features: Float32Array;
  readonly rows: readonly PartRow[];
  readonly unreadable: readonly UnreadableFrame[];
}

export interface PartRow {
  readonly fileName: string;
  readonly crc32: number | null;
  readonly box?: Box | null | undefined;
  readonly truncated: boolean;
  /** Taken over from an earlier shard. */
  readonly reused: boolean;
}

export interface UnreadableFrame {
  readonly fileName: string;
  readonly reason: string;
}

/** The finished parts of a shard in its draft: written by one worker, taken up by its successor. */
export class PartFolder {
  readonly #directory: string;
  readonly #width: number;

  constructor(draft: string, width: number) {
    this.#directory = scratchPath(draft, 'parts');
    this.#width = width;
  }

  /** @returns the part, or `undefined` where none was finished, or what was finished got damaged */
  async read(group: number): Promise<Part | undefined> {
    const kept = await readKeptTensors(this.#path(group));
    if (kept === undefined) return undefined;
    const { tensors, metadata } = kept;
    const features = tensors.get('features');
    const { rows, unreadable } = JSON.parse(metadata.frames ?? '{}') as Partial<Part>;
    if (features === undefined || rows === undefined || unreadable === undefined) return undefined;
    if (features.data.length !== rows.length * this.#width) return undefined;
    return { features: features.data, rows, unreadable };
  }

  async write(group: number, { features, rows, unreadable }: Part): Promise<void> {
    await writeTensors(this.#path(group), {
      tensors: new Map([['features', { shape: [rows.length, this.#width], data: features }]]),
      metadata: { frames: JSON.stringify({ rows, unreadable }) },
    });
  }

  #path(group: number): string {
    return join(this.#directory, `${String(group).padStart(6, '0')}.safetensors`);
  }
}
