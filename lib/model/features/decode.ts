import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { SerengetiError } from '../../contracts/errors';
import type { InputSize, Preprocessing } from '../../contracts/preprocessing';
import type { Box } from '../../contracts/detection';
import { squareAround } from './crop';
import { kindOf } from './fileKind';
import { placementOf, surrounded } from './placement';
import { enlarge, type Pixels } from './resample';

// Decoding runs on libuv's threads, a photograph each; threads within a photograph would only compete with TensorFlow,
// and no photograph is decoded twice.
sharp.concurrency(1);
sharp.cache(false);

/** Panoramas of 20,000×20,000 are read; a header that promises more than this would fill the memory. */
const MOST_PIXELS = 500_000_000;

/** A photograph as the network takes it. */
export interface DecodedFrame {
  /** Width × height × 3 values of 0–255, as {@link Preprocessing} says. */
  readonly pixels: Uint8Array;
  /** The file ended early, or is damaged: what could not be read is grey. */
  readonly truncated: boolean;
}

/**
 * Decodes a photograph of any format that sharp reads.
 *
 * @param box - what of it is looked at; `null`: all of it
 * @throws SerengetiError FRAME_UNREADABLE with the decoder's reason
 */
export async function decodeFrame(
  file: Uint8Array,
  preprocessing: Preprocessing,
  box: Box | null = null,
): Promise<DecodedFrame> {
  const header = { ...(await readHeader(file)), box };
  try {
    return { pixels: await decode(file, header, preprocessing, { failOn: 'truncated' }), truncated: false };
  } catch {
    // What went wrong may be no more than an early end. The second attempt tells: it fails with everything else.
    return { pixels: await decodeLeniently(file, header, preprocessing), truncated: true };
  }
}

/** How to look at a photograph. */
interface Look {
  /** Whether its colours are those of print. */
  readonly cmyk: boolean;
  /** Of the photograph, upright. */
  readonly size: InputSize;
  readonly box: Box | null;
}

async function readHeader(file: Uint8Array): Promise<Omit<Look, 'box'>> {
  const { space, width, height, autoOrient } = await metadataOf(file);
  if (width * height <= MOST_PIXELS) return { cmyk: space === 'cmyk', size: autoOrient };
  const most = `${MOST_PIXELS / 1e6} million`;
  throw new SerengetiError('FRAME_UNREADABLE', `The photograph has ${width}×${height} pixels; up to ${most} are read`);
}

async function metadataOf(file: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(file, { failOn: 'none', limitInputPixels: false }).metadata();
  } catch (error) {
    throw unreadable(error, file);
  }
}

async function decodeLeniently(file: Uint8Array, header: Look, preprocessing: Preprocessing): Promise<Uint8Array> {
  try {
    // Unlimited: a JPEG with restart markers that was cut gives a warning at each, more than the decoder otherwise takes.
    return await decode(file, header, preprocessing, { failOn: 'none', unlimited: true });
  } catch (error) {
    throw unreadable(error, file);
  }
}

async function decode(
  file: Uint8Array,
  { cmyk, size, box }: Look,
  preprocessing: Preprocessing,
  options: Pick<SharpOptions, 'failOn' | 'unlimited'>,
): Promise<Uint8Array> {
  const region = box === null ? undefined : squareAround(box, size);
  const placement = placementOf(region ?? size, preprocessing);
  const { width, height } = placement;
  const upright = sharp(file, { ...options, limitInputPixels: false, ignoreIcc: true }).autoOrient();
  const pipeline = (region === undefined ? upright : upright.extract(region)).resize({
    width,
    height,
    fit: 'fill',
    kernel: 'cubic',
    withoutEnlargement: true,
  });
  // Left alone, libvips converts CMYK by a printer's profile, which other readers of these models do not have.
  if (cmyk) pipeline.pipelineColourspace('cmyk').toColourspace('cmyk');
  else pipeline.removeAlpha().toColourspace('srgb');
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const pixels: Pixels = { data: cmyk ? rgbOf(data) : data, width: info.width, height: info.height };
  return surrounded(enlarge(pixels, width, height), placement, preprocessing);
}

/** Without a profile: ink takes its share of the light, and black ink its share of what is left. */
function rgbOf(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) rgb[to++] = Math.round(((255 - cmyk[from + ink]!) * light) / 255);
  }
  return rgb;
}

function unreadable(cause: unknown, file: Uint8Array): SerengetiError {
  const kind = kindOf(file);
  if (kind !== undefined) {
    return new SerengetiError('FRAME_UNREADABLE', `The file is ${kind}, whatever its name says`, { cause });
  }
  const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').trim();
  return new SerengetiError('FRAME_UNREADABLE', reason, { cause });
}
