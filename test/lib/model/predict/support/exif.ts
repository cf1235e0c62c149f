/** A tag of an EXIF block: text, or bytes as they are. */
export type ExifTag = readonly [tag: number, value: string | Buffer];

/**
 * Puts an EXIF block into a JPEG: the main folder's tags, and those of the EXIF folder.
 *
 * @param order - of the bytes in a number: `II` or `MM`
 */
export function withExif(
  jpeg: Buffer,
  main: readonly ExifTag[],
  exif: readonly ExifTag[] = [],
  order: 'II' | 'MM' = 'II',
): Buffer {
  const block = Buffer.concat([Buffer.from('Exif\0\0'), exifBlock(main, exif, order)]);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, (block.length + 2) >> 8, (block.length + 2) & 0xff]);
  return Buffer.concat([head, block, jpeg.subarray(2)]);
}

export function exifBlock(main: readonly ExifTag[], exif: readonly ExifTag[], order: 'II' | 'MM'): Buffer {
  const number = (value: number, bytes: 2 | 4) => {
    const buffer = Buffer.alloc(bytes);
    if (order === 'II') buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const folder = (tags: readonly ExifTag[], start: number, pointer?: number): Buffer => {
    const count = tags.length + (pointer === undefined ? 0 : 1);
    let free = start + 2 + 12 * count + 4;
    const entries = [number(count, 2)];
    const values: Buffer[] = [];
    for (const [tag, value] of tags) {
      const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`, 'latin1') : value;
      entries.push(number(tag, 2), number(typeof value === 'string' ? 2 : 7, 2), number(bytes.length, 4));
      if (bytes.length <= 4) entries.push(Buffer.concat([bytes, Buffer.alloc(4)]).subarray(0, 4));
      else {
        entries.push(number(free, 4));
        values.push(bytes);
        free += bytes.length;
      }
    }
    if (pointer !== undefined) entries.push(number(0x8769, 2), number(4, 2), number(1, 4), number(pointer, 4));
    return Buffer.concat([...entries, number(0, 4), ...values]);
  };
  const length = folder(main, 8, 0).length;
  return Buffer.concat([
    Buffer.from(order),
    number(42, 2),
    number(8, 4),
    folder(main, 8, 8 + length),
    folder(exif, 8 + length),
  ]);
}

/** The maker note of a Reconyx HyperFire. */
export function hyperFireNote(taken: Date, event: number, serial: string, swapped = false): Buffer {
  const note = Buffer.alloc(0x60);
  note.writeUInt16LE(0xf101, 0);
  note.writeUInt16LE(event >>> 16, 0x12);
  note.writeUInt16LE(event & 0xffff, 0x14);
  const numbers = [
    taken.getUTCSeconds(),
    taken.getUTCMinutes(),
    taken.getUTCHours(),
    taken.getUTCMonth() + 1,
    taken.getUTCDate(),
    taken.getUTCFullYear(),
  ];
  for (const [place, value] of numbers.entries()) {
    if (swapped) note.writeUInt16BE(value, 0x16 + 2 * place);
    else note.writeUInt16LE(value, 0x16 + 2 * place);
  }
  note.write(serial, 0x2a, 'utf16le');
  return note;
}
