/** What a camera's maker note says of a photograph. */
export interface MakerNote {
  /** As EXIF writes times. */
  readonly time: string;
  /** Number of the trigger: the same for all photographs of a burst. */
  readonly event: number;
  readonly serial?: string;
}

/**
 * The maker note of Reconyx cameras, in the forms of HyperFire, UltraFire and HyperFire 2. Some of these cameras write
 * their time nowhere else.
 *
 * Source of the positions: the tables of ExifTool, made from Reconyx' own description.
 */
export function readMakerNote(note: Buffer): MakerNote | undefined {
  if (begins(note, 'RECONYXUF\0')) return ultraFire(note);
  if (begins(note, 'RECONYXH2\0')) return hyperFire2(note);
  return note.length >= 2 && note.readUInt16LE(0) === 0xf101 ? hyperFire(note) : undefined;
}

function hyperFire(note: Buffer): MakerNote | undefined {
  if (note.length < 0x48) return undefined;
  // Some write the numbers of the time, and only these, with the high byte first.
  const swapped = note[0x16] === 0 && note[0x17] !== 0;
  const numbers = [0, 1, 2, 3, 4, 5].map((place) =>
    swapped ? note.readUInt16BE(0x16 + 2 * place) : note.readUInt16LE(0x16 + 2 * place),
  );
  const [second, minute, hour, month, day, year] = numbers;
  return {
    time: timeText([year, month, day, hour, minute, second]),
    event: note.readUInt16LE(0x12) * 0x1_0000 + note.readUInt16LE(0x14),
    ...serialOf(note.toString('utf16le', 0x2a, 0x48)),
  };
}

function ultraFire(note: Buffer): MakerNote | undefined {
  if (note.length < 0x5a) return undefined;
  const [second, minute, hour, day, month] = note.subarray(0x3b, 0x40);
  return {
    time: timeText([note.readUInt16LE(0x40), month, day, hour, minute, second]),
    event: note.readUInt32LE(0x37),
    ...serialOf(note.toString('latin1', 0x4b, 0x5a)),
  };
}

function hyperFire2(note: Buffer): MakerNote | undefined {
  if (note.length < 0x9c) return undefined;
  const numbers = [5, 4, 3, 2, 1, 0].map((place) => note.readUInt16LE(0x3e + 2 * place));
  return {
    time: timeText(numbers),
    event: note.readUInt16LE(0x3a) * 0x1_0000 + note.readUInt16LE(0x3c),
    ...serialOf(note.toString('utf16le', 0x7e, 0x9c)),
  };
}

function begins(note: Buffer, text: string): boolean {
  return note.toString('latin1', 0, text.length) === text;
}

function timeText([year, ...rest]: readonly (number | undefined)[]): string {
  const two = rest.map((number) => String(number).padStart(2, '0'));
  return `${String(year).padStart(4, '0')}:${two.slice(0, 2).join(':')} ${two.slice(2).join(':')}`;
}

function serialOf(text: string): { serial?: string } {
  const serial = text.split('\0', 1)[0]!.trim();
  return serial === '' ? {} : { serial };
}
