import sharp from 'sharp';

export interface ShrinkOptions {
  /** Longer side, pixels. */
  readonly size: number;
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
}

/** A photograph made smaller. */
export interface SmallPhotograph {
  /** JPEG. */
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * Makes a photograph smaller, never larger, and upright. Nothing of its metadata comes along: a camera's position does
 * not belong where it is looked at.
 *
 * @returns `undefined` when the photograph cannot be decoded
 */
export async function shrink(
  photograph: Uint8Array,
  { size, quality }: ShrinkOptions,
): Promise<SmallPhotograph | undefined> {
  try {
    const { data, info } = await sharp(photograph, { failOn: 'none', unlimited: true, limitInputPixels: false })
      .autoOrient()
      .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch {
    return undefined; // whoever asked says so in the photograph's place
  }
}
