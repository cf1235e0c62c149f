import { mkdir, readFile, readdir, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extractArchives, listArchives, openFileReader, type Extraction } from '../../../../lib/seasons';
import { listFiles } from '../../../../lib/io/files';
import { temporaryFolder } from '../../../support/folders';
import { Program } from '../support/process';
import { zip, type ZipPart } from '../support/zip';

const folder = temporaryFolder();
const LONG_AGO = new Date('2010-07-01T12:00:00Z');

/** Writes an archive and gives its path. */
async function archive(parts: readonly ZipPart[], name = 'S1.zip'): Promise<string> {
  const path = join(folder(), name);
  await writeFile(path, zip(parts));
  return path;
}

const directory = (): string => join(folder(), 'season');
const frame = (name: string): string => join(directory(), 'frames', name);
const rows = async (name: string): Promise<string[]> =>
  (await readFile(join(directory(), name), 'utf8')).trimEnd().split('\n');
const extract = async (...archives: string[]): Promise<Extraction> =>
  await extractArchives({ archives, directory: directory() });

/** Frames of some kilobytes, different from one another. */
const manyFrames = (count: number): ZipPart[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `S1/A${i % 7}/frame${i}.JPG`,
    data: Buffer.alloc(20_000, `frame ${i};`),
    deflate: i % 2 === 1,
  }));

describe('extractArchives', () => {
  test('writes every entry and the lists', async () => {
    const path = await archive([
      { name: 'S1/A/1.JPG', data: 'stored' },
      { name: 'S1/A/2,"b".JPG', data: 'deflated '.repeat(10_000), deflate: true },
      { name: 'S1/A/3.JPG', data: 'with a descriptor', descriptor: true },
      { name: 'S1/A/4.JPG', data: 'with a long extra field', localExtra: Buffer.alloc(3_000) },
      { name: 'S1/A/5.JPG', data: '' },
    ]);
    const result = await extract(path);
    expect(result).toEqual({ entries: 5, frameBytes: 6 + 90_000 + 17 + 23, rejected: 0 });
    expect(await readFile(frame('S1/A/1.JPG'), 'utf8')).toBe('stored');
    expect(await readFile(frame('S1/A/2,"b".JPG'), 'utf8')).toBe('deflated '.repeat(10_000));
    expect(await readFile(frame('S1/A/3.JPG'), 'utf8')).toBe('with a descriptor');
    expect(await readFile(frame('S1/A/4.JPG'), 'utf8')).toBe('with a long extra field');
    expect(await readFile(frame('S1/A/5.JPG'), 'utf8')).toBe('');
    const [header, first, second] = await rows('entries.csv');
    expect(header).toBe('name,archive,offset,compressedBytes,bytes,crc32,method');
    expect(first).toBe('S1/A/1.JPG,S1.zip,0,6,6,5643f90b,0');
    expect(second).toMatch(/^"S1\/A\/2,""b""\.JPG",S1\.zip,46,\d+,90000,[0-9a-f]{8},8$/);
    expect(await rows('rejected.csv')).toEqual(['name,reason,byte,archive,code']);
    expect((await readdir(directory())).sort()).toEqual(['entries.csv', 'frames', 'rejected.csv']);
  });

  test('puts the parts of a season together', async () => {
    const one = await archive([{ name: 'a', data: 'one' }, { name: 'b' }], 'S8_part1.zip');
    const two = await archive([{ name: 'c' }, { name: 'a', data: 'two' }], 'S8_part2.zip');
    expect(await extract(one, two)).toMatchObject({ entries: 3, rejected: 1 });
    expect(await readFile(frame('a'), 'utf8')).toBe('one');
    expect((await rows('entries.csv')).map((row) => row.split(',').slice(0, 2).join(' '))).toEqual([
      'name archive',
      'a S8_part1.zip',
      'b S8_part1.zip',
      'c S8_part2.zip',
    ]);
    expect((await rows('rejected.csv'))[1]).toBe(
      'a,has the name of an entry of an archive before it,35,S8_part2.zip,ARCHIVE_HOSTILE',
    );
  });

  test('tells entries, total and archive', async () => {
    const told: unknown[] = [];
    const path = await archive(manyFrames(10));
    await extractArchives(
      { archives: [path], directory: directory() },
      { onProgress: (progress) => told.push(progress) },
    );
    expect(told.at(-1)).toEqual({ done: 10, total: 10, unit: 'entries', reused: 0, note: 'S1.zip' });
  });

  describe('of a partly bad archive', () => {
    const good: ZipPart = { name: 'good.JPG', data: 'good' };

    test.each<[string, ZipPart, string, RegExp]>([
      ['a wrong CRC', { name: 'bad', crc: 1 }, 'ENTRY_CORRUPT', /^has CRC-32 adf3f363, not 00000001$/],
      ['a wrong CRC when deflated', { name: 'bad', deflate: true, crc: 1 }, 'ENTRY_CORRUPT', /^has CRC-32/],
      [
        'more than announced',
        { name: 'bad', deflate: true, data: 'x'.repeat(200), bytes: 98, descriptor: true },
        'ARCHIVE_HOSTILE',
        /^unpacks to more than the 98 bytes/,
      ],
      [
        'less than announced',
        { name: 'bad', deflate: true, bytes: 5, descriptor: true },
        'ENTRY_CORRUPT',
        /^unpacks to 4 bytes, not the 5/,
      ],
      ['rubbish for deflate', { name: 'bad', method: 8, data: '\xff\xff\xff' }, 'ENTRY_CORRUPT', /^cannot be unpacked/],
      [
        'a large bomb',
        { name: 'bad', deflate: true, data: Buffer.alloc(30 << 20), bytes: 20_000, descriptor: true },
        'ARCHIVE_HOSTILE',
        /^unpacks to more/,
      ],
      ['no local header', { name: 'bad', localSignature: 0 }, 'ARCHIVE_INVALID', /^has no local header there$/],
      [
        'another size in its header',
        { name: 'bad', deflate: true, bytes: 5 },
        'ARCHIVE_INVALID',
        /^has 5 bytes according to the directory and 4/,
      ],
      [
        'another name in its header',
        { name: 'bad', localName: 'BAD' },
        'ARCHIVE_HOSTILE',
        /^goes by another name in its header: "BAD"$/,
      ],
      [
        'another method in its header',
        { name: 'bad', localMethod: 8 },
        'ARCHIVE_INVALID',
        /^has method 0 in the directory and 8/,
      ],
      ['traversal', { name: '../../bad' }, 'ARCHIVE_HOSTILE', /^leads out of the folder/],
      [
        'a symbolic link',
        { name: 'bad', mode: 0o120777, data: '/etc/passwd' },
        'ARCHIVE_HOSTILE',
        /^is a symbolic link/,
      ],
      ['encryption', { name: 'bad', flags: 1 }, 'ARCHIVE_UNSUPPORTED', /^is encrypted$/],
    ])('%s: the entry is listed with its byte, the good ones are there', async (_, bad, code, reason) => {
      const before = await listFiles(folder());
      const path = await archive([good, bad, { name: 'too.JPG' }]);
      const warnings: string[] = [];
      const result = await extractArchives(
        { archives: [path], directory: directory() },
        { onWarning: ({ message }) => warnings.push(message) },
      );
      expect(result).toMatchObject({ entries: 2, rejected: 1 });
      expect((await rows('entries.csv')).map((row) => row.split(',')[0])).toEqual(['name', 'good.JPG', 'too.JPG']);
      const [, row] = await rows('rejected.csv');
      expect(row).toMatch(new RegExp(`,S1\\.zip,${code}$`));
      expect(row!.split(',').slice(1, -3).join(',').replace(/^"|"$/g, '').replaceAll('""', '"')).toMatch(reason);
      expect(Number(row!.split(',').at(-3))).toBeGreaterThan(0);
      expect(warnings).toEqual([
        expect.stringMatching(/^1 entries are left out, the first: S1\.zip, byte \d+: entry "/),
      ]);
      const written = (await listFiles(folder())).filter((name) => !before.includes(name));
      expect(written).toEqual([
        'S1.zip',
        'season/entries.csv',
        'season/frames/good.JPG',
        'season/frames/too.JPG',
        'season/rejected.csv',
      ]);
    });

    test('a name that is also a folder of others gives way to them', async () => {
      const path = await archive([{ name: 'S1' }, { name: 'S1/a' }, { name: 'S1/a/b' }]);
      expect(await extract(path)).toMatchObject({ entries: 1, rejected: 2 });
      expect(await readFile(frame('S1/a/b'), 'utf8')).toBe('data');
    });

    test('with no entry that can be used, the error names the first', async () => {
      const path = await archive([
        { name: 'a', crc: 1 },
        { name: 'b', crc: 2 },
      ]);
      await expect(extract(path)).rejects.toMatchObject({
        code: 'ENTRY_CORRUPT',
        message: 'No entry can be used: S1.zip, byte 0: entry "a" has CRC-32 adf3f363, not 00000001, and 1 more',
      });
      expect(await readdir(directory())).toEqual(['frames']);
    });
  });

  test('an archive that is not there, or none, is an error', async () => {
    await expect(extract(join(folder(), 'S9.zip'))).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
    await writeFile(join(folder(), 'S1.zip'), 'not a zip');
    await expect(extract(join(folder(), 'S1.zip'))).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  test('an archive that is cut off meanwhile is an error that names the bytes', async () => {
    const path = await archive(manyFrames(6_000));
    const cutOff = (): Promise<void> => truncate(path, 1_000);
    const options = { threads: 1, onProgress: () => void cutOff() };
    await expect(extractArchives({ archives: [path], directory: directory() }, options)).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringMatching(/^S1\.zip: bytes \d+ to \d+ were asked for, but it has \d+$/) as string,
    });
  });

  test('a folder that cannot be made stops it with what the system said', async () => {
    const path = await archive([{ name: 'S1/A/1.JPG' }, { name: 'S2/A/1.JPG' }]);
    await mkdir(join(directory(), 'frames'), { recursive: true });
    await writeFile(frame('S1'), 'in the way');
    await expect(extract(path)).rejects.toMatchObject({
      code: 'SYSTEM_FAILED',
      message: `ENOTDIR: not a directory, mkdir '${frame('S1/A')}'`,
    });
  });

  describe('stopped and called again', () => {
    test('a killed process costs only what it had not finished', async () => {
      const parts = manyFrames(6_000);
      const path = await archive(parts);
      const program = new Program('extractProgram.ts', { archives: [path], directory: directory() });
      await program.reaches(1_000);
      await program.kill();
      expect(await readdir(directory())).toEqual(['frames']);
      const progress: number[] = [];
      const result = await extractArchives(
        { archives: [path], directory: directory() },
        { onProgress: ({ reused = 0 }) => progress.push(reused) },
      );
      expect(result.entries).toBe(6_000);
      expect(progress.at(-1)).toBeGreaterThanOrEqual(1_000);
      for (const { name, data } of parts)
        expect((await readFile(frame(String(name)))).equals(data as Buffer)).toBe(true);
    });

    test('frames that are there and whole are not written again; others are', async () => {
      const path = await archive([{ name: 'whole' }, { name: 'short' }, { name: 'zeros' }]);
      await extract(path);
      for (const name of ['whole', 'short', 'zeros']) await utimes(frame(name), LONG_AGO, LONG_AGO);
      // What a power cut makes of files that were renamed and not synced.
      await writeFile(frame('short'), '');
      await writeFile(frame('zeros'), '\0\0\0\0');
      await extract(path);
      expect((await stat(frame('whole'))).mtime).toEqual(LONG_AGO);
      expect(await readFile(frame('short'), 'utf8')).toBe('data');
      expect(await readFile(frame('zeros'), 'utf8')).toBe('data');
    });

    test('a stop rejects with its reason and leaves the lists unwritten', async () => {
      const path = await archive(manyFrames(2_000));
      const controller = new AbortController();
      const reason = new Error('enough');
      const options = { signal: controller.signal, onProgress: () => controller.abort(reason), threads: 1 };
      await expect(extractArchives({ archives: [path], directory: directory() }, options)).rejects.toBe(reason);
      expect(await readdir(directory())).toEqual(['frames']);
      expect((await extract(path)).entries).toBe(2_000);
    });

    test('two at once give the same as one', async () => {
      const path = await archive(manyFrames(500));
      const [a, b] = await Promise.all([extract(path), extract(path)]);
      expect(a).toEqual(b);
      expect(await listFiles(join(directory(), 'frames'))).toHaveLength(500);
      const everything = await readdir(join(directory(), 'frames'), { recursive: true });
      expect(everything.filter((name) => name.includes('.tmp-'))).toEqual([]);
    });
  });
});

describe('listArchives', () => {
  test('writes the same list without extracting', async () => {
    const path = await archive(manyFrames(20));
    await extract(path);
    const extracted = await readFile(join(directory(), 'entries.csv'), 'utf8');
    const reader = await openFileReader(path);
    const other = join(folder(), 'listed');
    const result = await listArchives({ archives: [reader], directory: other });
    await reader.close();
    expect(result).toMatchObject({ entries: 20, frameBytes: 400_000 });
    expect(await readFile(join(other, 'entries.csv'), 'utf8')).toBe(extracted);
    expect((await readdir(other)).sort()).toEqual(['entries.csv', 'rejected.csv']);
  });
});
