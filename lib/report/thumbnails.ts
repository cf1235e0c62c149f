import sharp from 'sharp';

/** A photograph small enough to stand in a page. */
export interface Thumbnail {
  /** `data:image/jpeg;base64,…` */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** Length of the file, without base64's third. */
  readonly bytes: number;
}

export interface ThumbnailOptions {
  /** Longer side, pixels. */
  readonly size: number;
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
}

/**
 * Shrinks a photograph for a page. Nothing of its metadata comes along: a camera's position does not belong there.
 *
 * @returns `undefined` when the photograph cannot be decoded
 */
export async function thumbnail(photograph: Uint8Array, options: ThumbnailOptions): Promise<Thumbnail | undefined> {
  try {
    const { data, info } = await sharp(photograph, { failOn: 'none' })
      .autoOrient()
      .resize({ width: options.size, height: options.size, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: options.quality })
      .toBuffer({ resolveWithObject: true });
    return {
      url: `data:image/jpeg;base64,${data.toString('base64')}`,
      width: info.width,
      height: info.height,
      bytes: data.length,
    };
  } catch {
    return undefined; // the page says so in the photograph's place
  }
}
