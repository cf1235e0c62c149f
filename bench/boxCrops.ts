import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { z } from 'zod';
import type { PickedFrame } from '../lib/contracts/pick';
import type { ReadPhotograph } from '../lib/model';

/** Of a box's longer side, on each side of it. */
const MARGIN = 0.1;
const ANIMAL = '1';

/** Of the photograph's size, from its upper left corner: x, y, width, height. */
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
type Box = z.output<typeof box>;

const detectionsSchema = z.object({
  images: z.array(
    z.object({
      file: z.string(),
      detections: z.array(z.object({ category: z.string(), conf: z.number(), bbox: box })).nullish(),
    }),
  ),
});

/** Detected animals as photographs of their own: each box of `a.JPG` is a frame `a.JPG#0`, `a.JPG#1`, … */
export class BoxCrops {
  readonly #boxes: ReadonlyMap<string, readonly Box[]>;

  private constructor(boxes: ReadonlyMap<string, readonly Box[]>) {
    this.#boxes = boxes;
  }

  /** @param path - of detections in MegaDetector's output format, whose file names are those of the seasons */
  static async read(path: string): Promise<BoxCrops> {
    const { images } = detectionsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const animals = images.map(({ file, detections }) => {
      const found = (detections ?? []).filter(({ category }) => category === ANIMAL);
      return [file, found.map(({ bbox }) => bbox)] as const;
    });
    return new BoxCrops(new Map(animals));
  }

  /** A frame for each box; frames without one are left out, and with them sequences. */
  of(frames: readonly PickedFrame[]): PickedFrame[] {
    return frames.flatMap((frame) =>
      (this.#boxes.get(frame.fileName) ?? []).map((_, number) => ({
        ...frame,
        fileName: `${frame.fileName}#${number}`,
      })),
    );
  }

  /** Reads frames that {@link of} named. */
  reading(read: ReadPhotograph): ReadPhotograph {
    return async (season, name) => {
      const [, fileName, number] = /^(.*)#(\d+)$/.exec(name)!;
      const photograph = sharp(await read(season, fileName!), { failOn: 'none' });
      const region = squareAround(this.#boxes.get(fileName!)![Number(number)]!, await photograph.metadata());
      return await photograph.extract(region).png({ compressionLevel: 1 }).toBuffer();
    };
  }
}

/** The square around a box and its margin, in pixels, moved into the photograph; no larger than its shorter side. */
export function squareAround(
  [x, y, width, height]: readonly [number, number, number, number],
  size: { readonly width: number; readonly height: number },
) {
  const longer = Math.max(width * size.width, height * size.height);
  const side = Math.max(1, Math.min(Math.round(longer * (1 + 2 * MARGIN)), size.width, size.height));
  const start = (centre: number, whole: number) =>
    Math.min(whole - side, Math.max(0, Math.round(centre * whole - side / 2)));
  return {
    left: start(x + width / 2, size.width),
    top: start(y + height / 2, size.height),
    width: side,
    height: side,
  };
}
