/** Tags of EXIF that say when and by what a photograph was taken. */
export const TAG = {
  dateTime: 0x0132,
  dateTimeOriginal: 0x9003,
  dateTimeDigitized: 0x9004,
  subSecTime: 0x9290,
  subSecTimeOriginal: 0x9291,
  subSecTimeDigitized: 0x9292,
  makerNote: 0x927c,
  bodySerialNumber: 0xa431,
  cameraSerialNumber: 0xc62f,
} as const;

const EXIF_FOLDER = 0x8769;
const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1');
const ENTRY_BYTES = 12;
/** By the number of a type, from 1 up: how many bytes a value of it takes. */
const VALUE_BYTES = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

/**
 * The values of an EXIF block, by tag: their bytes, in the order in which they stand. Cameras and programs put tags into the main folder that belong into the EXIF folder, and the other way round, so
 * both are one here. What lies outside of a damaged block is left out.
 */
export function readExif(block: Buffer): ReadonlyMap<number, readonly Buffer[]> {
  const data = block.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX) ? block.subarray(EXIF_PREFIX.length) : block;
  const order = data.toString('latin1', 0, 2);
  const values = new Map<number, Buffer[]>();
  if (data.length < 8 || (order !== 'II' && order !== 'MM')) return values;
  const little = order === 'II';
  const two = (at: number) => (little ? data.readUInt16LE(at) : data.readUInt16BE(at));
  const four = (at: number) => (little ? data.readUInt32LE(at) : data.readUInt32BE(at));

  const readFolder = (start: number): void => {
    if (start + 2 > data.length) return;
    for (let entry = start + 2, left = two(start); left > 0; left--, entry += ENTRY_BYTES) {
      if (entry + ENTRY_BYTES > data.length) return;
      const tag = two(entry);
      if (tag === EXIF_FOLDER) {
        // A folder that points at itself would never end.
        if (start === four(4)) readFolder(four(entry + 8));
        continue;
      }
      const bytes = (VALUE_BYTES[two(entry + 2) - 1] ?? 0) * four(entry + 4);
      const at = bytes <= 4 ? entry + 8 : four(entry + 8);
      if (bytes === 0 || at + bytes > data.length) continue;
      const known = values.get(tag) ?? [];
      values.set(tag, [...known, data.subarray(at, at + bytes)]);
    }
  };
  readFolder(four(4));
  return values;
}
