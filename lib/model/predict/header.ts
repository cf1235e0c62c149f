import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { isPossible, readClock, readClockInName } from './clock';
import { readExif, TAG } from './exif';
import { readMakerNote, type MakerNote } from './makerNote';

/** Where a time was found, the most reliable first. */
export type TimeSource = 'DateTimeOriginal' | 'DateTimeDigitized' | 'DateTime' | 'maker note' | 'file name';

/** What a photograph says of itself, beside the picture. */
export interface PhotographHeader {
  /** When it was taken, milliseconds by the camera's clock, put right. */
  readonly taken?: number;
  readonly takenFrom?: TimeSource;
  /** Serial number of the camera. */
  readonly camera?: string;
  /** The camera's number for the burst that it belongs to. */
  readonly event?: number;
  /** Digest of its first bytes: what another card calls the same, of the same size and time, is another photograph. */
  readonly fingerprint: string;
}

/** Exif with its thumbnail, or the beginning of the picture itself. */
const FINGERPRINTED_BYTES = 16_384;

/**
 * Reads when and by what a photograph was taken. A time that cannot be, such as the 30th of February or the year 9999, is
 * none: the next place where a time may stand is looked at.
 *
 * @param file - name that the results give it
 * @param clockShift - milliseconds by which the camera's clock is to be put forward
 */
export async function readHeader(path: string, file: string, clockShift = 0): Promise<PhotographHeader> {
  const tags = readExif(await exifOf(path));
  const [note] = (tags.get(TAG.makerNote) ?? []).flatMap((bytes) => readMakerNote(bytes) ?? []);
  const [serial] = [TAG.bodySerialNumber, TAG.cameraSerialNumber].flatMap((tag) => textsOf(tags, tag));
  const camera = serial ?? note?.serial;
  return {
    ...timeOf(tags, note, file, clockShift),
    ...(camera !== undefined && { camera }),
    ...(note !== undefined && { event: note.event }),
    fingerprint: await fingerprintOf(path),
  };
}

/** Empty where the file cannot be read, which shows when it is looked at. */
async function fingerprintOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(FINGERPRINTED_BYTES), 0, FINGERPRINTED_BYTES, 0);
      return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

type Tags = ReturnType<typeof readExif>;

function timeOf(tags: Tags, note: MakerNote | undefined, file: string, clockShift: number) {
  for (const [takenFrom, milliseconds] of candidates(tags, note, file)) {
    if (milliseconds === undefined) continue;
    const taken = milliseconds + clockShift;
    if (isPossible(taken)) return { taken, takenFrom };
  }
  return {};
}

function* candidates(
  tags: Tags,
  note: MakerNote | undefined,
  file: string,
): Generator<readonly [TimeSource, number | undefined]> {
  const places = [
    ['DateTimeOriginal', TAG.dateTimeOriginal, TAG.subSecTimeOriginal],
    ['DateTimeDigitized', TAG.dateTimeDigitized, TAG.subSecTimeDigitized],
    ['DateTime', TAG.dateTime, TAG.subSecTime],
  ] as const;
  for (const [source, tag, subSecondsTag] of places) {
    const [subSeconds] = textsOf(tags, subSecondsTag);
    for (const text of textsOf(tags, tag)) yield [source, readClock(text, subSeconds)];
  }
  if (note !== undefined) yield ['maker note', readClock(note.time)];
  yield ['file name', readClockInName(file)];
}

function textsOf(tags: Tags, tag: number): string[] {
  const texts = (tags.get(tag) ?? []).map((bytes) => bytes.toString('latin1').replaceAll('\0', ' ').trim());
  return texts.filter((text) => text !== '');
}

/** None where the file cannot be read: its decoder reports that. */
async function exifOf(path: string): Promise<Buffer> {
  try {
    const { exif } = await sharp(path, { failOn: 'none', limitInputPixels: false }).metadata();
    return exif ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}
