import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { TAG } from '../../../../lib/model/predict/exif';
import { readHeader } from '../../../../lib/model/predict/header';
import { temporaryFolder } from '../../../support/folders';
import { photograph } from '../support';
import { hyperFireNote, withExif, type ExifTag } from './support/exif';

const folder = temporaryFolder();

async function headerOf(main: readonly ExifTag[], exif: readonly ExifTag[] = [], order: 'II' | 'MM' = 'II') {
  return await headerOfFile('IMG_0001.JPG', withExif(await photograph(1), main, exif, order));
}

/** Without its fingerprint. */
async function headerOfFile(name: string, bytes: Buffer, clockShift?: number) {
  const path = join(folder(), name);
  await writeFile(path, bytes);
  const { taken, fingerprint: _, ...rest } = await readHeader(path, name, clockShift);
  return { ...rest, ...(taken !== undefined && { taken: new Date(taken).toISOString().slice(0, 19) }) };
}

const NEVER = '0000:00:00 00:00:00';

describe('the time that counts', () => {
  test('none where no tag and no name has one', async () => {
    expect(await headerOf([])).toEqual({});
    expect(await headerOfFile('IMG_0001.JPG', await photograph(1))).toEqual({});
    expect(await headerOfFile('IMG_0001.JPG', Buffer.from('no photograph'))).toEqual({});
  });

  test.each(['II', 'MM'] as const)('DateTimeOriginal before all others, numbers as %s', async (order) => {
    const tags: ExifTag[] = [
      [TAG.dateTimeDigitized, '2019:05:05 02:00:00'],
      [TAG.dateTimeOriginal, '2019:05:05 01:00:00'],
    ];
    expect(await headerOf([[TAG.dateTime, '2019:05:05 03:00:00']], tags, order)).toEqual({
      taken: '2019-05-05T01:00:00',
      takenFrom: 'DateTimeOriginal',
    });
  });

  test('DateTimeOriginal in the main folder, where some cameras put it', async () => {
    const main: ExifTag[] = [
      [TAG.dateTime, '2019:05:05 03:00:00'],
      [TAG.dateTimeOriginal, '2019:05:05 01:00:00'],
    ];
    expect(await headerOf(main)).toMatchObject({ taken: '2019-05-05T01:00:00' });
    expect(await headerOf(main, [[TAG.dateTimeOriginal, NEVER]])).toMatchObject({ taken: '2019-05-05T01:00:00' });
  });

  test.each([NEVER, '2019:13:05 17:21:30', '2019:02:30 17:21:30', '2019:05:05 24:00:00', '9999:01:01 00:00:00'])(
    '%s is passed over for the next',
    async (impossible) => {
      const original: ExifTag = [TAG.dateTimeOriginal, impossible];
      const digitized: ExifTag = [TAG.dateTimeDigitized, '2019:05:05 02:00:00'];
      expect(await headerOf([], [original, digitized])).toEqual({
        taken: '2019-05-05T02:00:00',
        takenFrom: 'DateTimeDigitized',
      });
      expect(await headerOf([[TAG.dateTime, '2019:05:05 03:00:00']], [original])).toEqual({
        taken: '2019-05-05T03:00:00',
        takenFrom: 'DateTime',
      });
      expect(await headerOf([[TAG.dateTime, impossible]], [original])).toEqual({});
    },
  );

  test('the name of the file comes last', async () => {
    const name = '20210531082538-RCNX0031.JPG';
    expect(await headerOfFile(name, withExif(await photograph(1), [], [[TAG.dateTimeOriginal, NEVER]]))).toEqual({
      taken: '2021-05-31T08:25:38',
      takenFrom: 'file name',
    });
  });

  test('PNG and WebP have it, too', async () => {
    const image = sharp(await photograph(1)).withExif({ IFD2: { DateTimeOriginal: '2019:05:05 01:00:00' } });
    for (const format of ['png', 'webp'] as const) {
      const bytes = await image.clone().toFormat(format).toBuffer();
      expect(await headerOfFile(`a.${format}`, bytes)).toMatchObject({ taken: '2019-05-05T01:00:00' });
    }
  });

  test('a clock that was wrong is put right before it is judged', async () => {
    const bytes = withExif(await photograph(1), [], [[TAG.dateTimeOriginal, '1980:01:01 00:00:10']]);
    expect(await headerOfFile('a.jpg', bytes)).toEqual({});
    const shift = Date.UTC(2019, 4, 5) - Date.UTC(1980, 0, 1);
    expect(await headerOfFile('a.jpg', bytes, shift)).toMatchObject({ taken: '2019-05-05T00:00:10' });
  });
});

describe('the maker note of a Reconyx', () => {
  const taken = new Date('2013-06-07T08:09:10Z');

  test.each([false, true])('HyperFire; the time with its bytes swapped: %s', async (swapped) => {
    expect(await headerOf([], [[TAG.makerNote, hyperFireNote(taken, 70_001, 'H500HG01', swapped)]])).toEqual({
      taken: '2013-06-07T08:09:10',
      takenFrom: 'maker note',
      event: 70_001,
      camera: 'H500HG01',
    });
  });

  test('UltraFire', async () => {
    const note = Buffer.alloc(0x70);
    note.write('RECONYXUF\0', 'latin1');
    note.writeUInt32LE(12, 0x37);
    note.set([10, 9, 8, 7, 6], 0x3b);
    note.writeUInt16LE(2013, 0x40);
    note.write('UXR123', 0x4b, 'latin1');
    expect(await headerOf([], [[TAG.makerNote, note]])).toEqual({
      taken: '2013-06-07T08:09:10',
      takenFrom: 'maker note',
      event: 12,
      camera: 'UXR123',
    });
  });

  test('HyperFire 2', async () => {
    const note = Buffer.alloc(0x9c);
    note.write('RECONYXH2\0', 'latin1');
    note.writeUInt16LE(3, 0x3c);
    for (const [place, value] of [10, 9, 8, 7, 6, 2013].entries()) note.writeUInt16LE(value, 0x3e + 2 * place);
    note.write('H2X777', 0x7e, 'utf16le');
    expect(await headerOf([], [[TAG.makerNote, note]])).toMatchObject({
      taken: '2013-06-07T08:09:10',
      event: 3,
      camera: 'H2X777',
    });
  });

  test('cut short, or of another camera: nothing', async () => {
    const note = hyperFireNote(taken, 1, 'H');
    expect(await headerOf([], [[TAG.makerNote, note.subarray(0, 40)]])).toEqual({});
    expect(await headerOf([], [[TAG.makerNote, Buffer.from('1 ATTEMPT G1H')]])).toEqual({});
  });
});

test('the serial number of the camera', async () => {
  expect(await headerOf([], [[TAG.bodySerialNumber, 'B7 ']])).toEqual({ camera: 'B7' });
  expect(await headerOf([[TAG.cameraSerialNumber, 'C8']])).toEqual({ camera: 'C8' });
});

test('a damaged EXIF block does no harm, wherever it is cut or overwritten', async () => {
  const whole = withExif(await photograph(1), [[TAG.dateTime, '2019:05:05 03:00:00']], [[TAG.bodySerialNumber, 'B7']]);
  for (let at = 6; at < 120; at++) {
    const file = Buffer.from(whole);
    file[at] = 0xff;
    await headerOfFile('a.jpg', file);
  }
});

describe('the fingerprint', () => {
  const fingerprintOf = async (name: string) => (await readHeader(join(folder(), name), name)).fingerprint;

  test('is the same for the same bytes, under any name, and another one for others', async () => {
    await writeFile(join(folder(), 'a.jpg'), await photograph(1));
    await writeFile(join(folder(), 'b.jpg'), await photograph(1));
    await writeFile(join(folder(), 'c.jpg'), await photograph(2));
    expect(await fingerprintOf('a.jpg')).toBe(await fingerprintOf('b.jpg'));
    expect(await fingerprintOf('c.jpg')).not.toBe(await fingerprintOf('a.jpg'));
  });

  test('is empty where the file is gone', async () => {
    expect(await fingerprintOf('gone.jpg')).toBe('');
  });
});
