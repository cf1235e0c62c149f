import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Box } from '../../contracts/detection';
import { SerengetiError } from '../../contracts/errors';
import { lookKey, type PickedFrame, type Split } from '../../contracts/pick';
import { readIds } from '../../metadata';
import { NpyFile } from '../npy';

/** Frames that are looked at before the event loop gets its turn. */
const FRAMES_A_TURN = 100_000;

/** A features artifact, opened. */
export interface FeatureFolder {
  readonly directory: string;
  readonly season: string;
}

/** A picked sequence, whether or not any of its frames has features. */
export interface TableSequence {
  readonly season: string;
  readonly site: string;
  readonly name: string;
  /** As of {@link PickedFrame.hour}. */
  readonly hour: number | null;
  /** Positions of its labels in the class list, ascending. */
  readonly classes: readonly number[];
  /** Frames that were picked for it, in their order. */
  readonly fileNames: readonly string[];
}

/** Feature vectors, a row each, and the sequences that they show. */
export interface FeatureRows {
  readonly rows: number;
  /** Length of a feature vector. */
  readonly width: number;
  readonly sequences: readonly TableSequence[];
  /** Position of a row's sequence in {@link sequences}. */
  sequenceOf(row: number): number;
  /** Reads rows, given in ascending order, into `target`. */
  read(rows: Uint32Array, target: Float32Array): Promise<void>;
}

export interface TableInput {
  readonly features: readonly FeatureFolder[];
  /** Picked frames; those of other splits are left aside. */
  readonly frames: Iterable<PickedFrame> | AsyncIterable<PickedFrame>;
  readonly split: Split;
  /** The class list that labels are looked up in. */
  readonly classes: readonly string[];
}

interface Row {
  readonly file: number;
  readonly row: number;
  readonly box: Box | null;
  readonly frame: PickedPlace;
}

/** Where a picked frame is in {@link FeatureTable.sequences}. */
interface PickedPlace {
  readonly sequence: number;
  /** In the sequence's file names. */
  readonly position: number;
}

/**
 * Feature vectors of many shards as one table, joined with what was picked. The vectors stay on disk; a row takes some
 * tens of bytes of memory.
 */
export class FeatureTable implements FeatureRows {
  /** Length of a feature vector. */
  readonly width: number;
  readonly sequences: readonly TableSequence[];
  /** Frames that were picked: {@link rows} and those without features. */
  readonly pickedFrames: number;
  readonly #files: readonly NpyFile[];
  readonly #file: Uint16Array;
  readonly #row: Uint32Array;
  readonly #sequence: Uint32Array;
  readonly #position: Uint16Array;
  readonly #boxes: readonly (Box | null)[];

  private constructor(files: readonly NpyFile[], width: number, rows: readonly Row[], picked: Picked) {
    this.#files = files;
    this.width = width;
    this.sequences = picked.sequences;
    this.pickedFrames = picked.frames;
    this.#file = Uint16Array.from(rows, ({ file }) => file);
    this.#row = Uint32Array.from(rows, ({ row }) => row);
    this.#sequence = Uint32Array.from(rows, ({ frame }) => frame.sequence);
    this.#boxes = rows.map(({ box }) => box);
    this.#position = Uint16Array.from(rows, ({ frame }) => frame.position);
  }

  /**
   * @throws SerengetiError CLASS_UNKNOWN where a label is not in the class list, MODEL_INVALID where the shards' vectors
   *   differ in length, ARTIFACT_CORRUPT where a shard is damaged
   */
  static async open(input: TableInput): Promise<FeatureTable> {
    const picked = await collect(input);
    const files: NpyFile[] = [];
    try {
      const rows: Row[] = [];
      for (const folder of input.features) {
        const file = await NpyFile.open(join(folder.directory, 'features.npy'));
        const index = files.push(file) - 1;
        expectWidth(file, files[0]!);
        const ids = await readIds(join(folder.directory, 'ids.parquet'));
        ids.forEach((id, row) => {
          const frame = picked.take(folder.season, lookKey(id));
          if (frame !== undefined) rows.push({ file: index, row, box: id.box ?? null, frame });
        });
      }
      return new FeatureTable(files, files[0]?.width ?? 0, rows, picked);
    } catch (error) {
      await Promise.all(files.map((file) => file.close()));
      throw error;
    }
  }

  /** Frames that were picked and have features. */
  get rows(): number {
    return this.#row.length;
  }

  /** Position of a row's sequence in {@link sequences}. */
  sequenceOf(row: number): number {
    return this.#sequence[row]!;
  }

  /** File name of a row's frame, within its season. */
  fileNameOf(row: number): string {
    return this.sequences[this.sequenceOf(row)]!.fileNames[this.#position[row]!]!;
  }

  /** What of a row's frame was looked at; `null` where that is all of it. */
  boxOf(row: number): Box | null {
    return this.#boxes[row]!;
  }

  /** Reads rows, given in ascending order, into `target`: neighbours on disk are read at once. */
  async read(rows: Uint32Array, target: Float32Array): Promise<void> {
    for (let start = 0; start < rows.length;) {
      let end = start + 1;
      while (end < rows.length && this.#adjoins(rows[end - 1]!, rows[end]!)) end++;
      const first = rows[start]!;
      const stretch = target.subarray(start * this.width, end * this.width);
      await this.#files[this.#file[first]!]!.readRows(this.#row[first]!, stretch);
      start = end;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
  }

  #adjoins(row: number, next: number): boolean {
    return this.#file[next] === this.#file[row] && this.#row[next] === this.#row[row]! + 1;
  }
}

/** What was picked, by frame and by sequence. */
class Picked {
  readonly sequences: (TableSequence & { readonly fileNames: string[] })[] = [];
  frames = 0;
  readonly #byFrame = new Map<string, Map<string, PickedPlace>>();
  readonly #bySequence = new Map<string, number>();
  readonly #classes: ReadonlyMap<string, number>;

  constructor(classes: readonly string[]) {
    this.#classes = new Map(classes.map((name, position) => [name, position]));
  }

  add(frame: PickedFrame): void {
    const key = `${frame.season}\n${frame.sequence}`;
    let sequence = this.#bySequence.get(key);
    if (sequence === undefined) {
      const { season, site, hour, sequence: name } = frame;
      sequence = this.sequences.push({ season, site, name, hour, classes: this.#positions(frame), fileNames: [] }) - 1;
      this.#bySequence.set(key, sequence);
    }
    const position = this.sequences[sequence]!.fileNames.push(frame.fileName) - 1;
    let season = this.#byFrame.get(frame.season);
    if (season === undefined) this.#byFrame.set(frame.season, (season = new Map<string, PickedPlace>()));
    season.set(lookKey(frame), { sequence, position });
    this.frames++;
  }

  /** A look's place, once: the same one in two shards counts as one. */
  take(season: string, look: string): PickedPlace | undefined {
    const frames = this.#byFrame.get(season);
    const place = frames?.get(look);
    frames?.delete(look);
    return place;
  }

  #positions({ labels, fileName }: PickedFrame): number[] {
    const positions = labels.map((label) => {
      const position = this.#classes.get(label);
      if (position !== undefined) return position;
      throw new SerengetiError('CLASS_UNKNOWN', `"${label}", a label of ${fileName}, is not one of the classes`, {
        details: { label, fileName },
      });
    });
    return positions.sort((a, b) => a - b);
  }
}

async function collect({ frames, split, classes }: TableInput): Promise<Picked> {
  const picked = new Picked(classes);
  let seen = 0;
  for await (const frame of frames) {
    if (frame.split === split) picked.add(frame);
    if (++seen % FRAMES_A_TURN === 0) await setImmediate();
  }
  return picked;
}

function expectWidth(file: NpyFile, first: NpyFile): void {
  if (file.width === first.width) return;
  const message = `Features of ${file.path} have ${file.width} values, those of ${first.path} have ${first.width}`;
  throw new SerengetiError('MODEL_INVALID', message);
}
