import { crc32 } from 'node:zlib';
import { readDirectory, type Directory } from '../../../lib/zip/directory';
import type { ZipLimits } from '../../../lib/zip/limits';
import type { RangeReader } from '../../../lib/zip/reader';
import { memoryReader } from '../seasons/support/memoryReader';
import { unicodePath, zip, type ZipPart, type ZipShape } from '../seasons/support/zip';

const read = (parts: readonly ZipPart[], shape?: ZipShape, limits?: Partial<ZipLimits>): Promise<Directory> =>
  readDirectory(memoryReader(zip(parts, shape)), limits === undefined ? {} : { limits });

const names = (directory: Directory): string[] => [...directory.entries].map(({ name }) => name);

describe('readDirectory', () => {
  describe('of archives as they come', () => {
    test('gives name, place, sizes, CRC-32 and method of each entry', async () => {
      const directory = await read([
        { name: 'S1/A/1.JPG', data: 'first' },
        { name: 'S1/A/2.JPG', data: 'second second second', deflate: true },
      ]);
      expect([...directory.entries]).toEqual([
        {
          name: 'S1/A/1.JPG',
          archive: 'S1.zip',
          offset: 0,
          compressedBytes: 5,
          bytes: 5,
          crc32: crc32('first'),
          method: 0,
        },
        {
          name: 'S1/A/2.JPG',
          archive: 'S1.zip',
          offset: 45,
          compressedBytes: expect.any(Number),
          bytes: 20,
          crc32: crc32('second second second'),
          method: 8,
        },
      ]);
      expect(directory.rejected).toEqual([]);
    });

    test('of an empty archive there is nothing', async () => {
      expect(names(await read([]))).toEqual([]);
    });

    test('folders are left out', async () => {
      expect(names(await read([{ name: 'S1/', data: '' }, { name: 'S1/1.JPG' }]))).toEqual(['S1/1.JPG']);
    });

    test('sizes and places beyond 32 bits are read from the zip64 fields', async () => {
      const big = 5 * 2 ** 32;
      const limits = { entryBytes: Infinity, entryRatio: Infinity, totalBytesFrom: Infinity };
      const directory = await read([{ name: 'a', zip64: true, deflate: true, bytes: big }], { zip64End: true }, limits);
      expect(directory.entries.at(0)).toMatchObject({ bytes: big, offset: 0 });
    });

    test('entries with data descriptors have their sizes from the directory', async () => {
      const directory = await read([
        { name: 'a', data: 'abc', descriptor: true },
        { name: 'b', data: 'defg' },
      ]);
      expect([...directory.entries].map(({ bytes }) => bytes)).toEqual([3, 4]);
    });

    test('names are CP437 unless they say that they are UTF-8', async () => {
      const directory = await read([
        { name: Buffer.from([0x81, 0x6e, 0x2e, 0x4a, 0x50, 0x47]) },
        { name: 'é.JPG', utf8: true },
        { name: 'header.JPG', extra: unicodePath('žirafa.JPG', 'header.JPG') },
        { name: 'stale.JPG', extra: unicodePath('other.JPG', 'was another name') },
      ]);
      expect(names(directory)).toEqual(['ün.JPG', 'é.JPG', 'žirafa.JPG', 'stale.JPG']);
    });

    test('"\\" is "/" in archives of Windows, and folders are folders', async () => {
      const directory = await read([
        { name: 'S1\\', data: '', host: 0 },
        { name: 'S1\\A\\1.JPG', host: 0 },
        { name: 'S1\\A\\2.JPG', host: 10 },
        { name: 'S1\\café.JPG', host: 0, utf8: true },
      ]);
      expect(names(directory)).toEqual(['S1/A/1.JPG', 'S1/A/2.JPG', 'S1/café.JPG']);
      expect(directory.rejected).toEqual([]);
    });

    test('"./" before a name is no part of it', async () => {
      const directory = await read([{ name: './', data: '' }, { name: './S1/1.JPG' }, { name: './/2.JPG' }]);
      expect(names(directory)).toEqual(['S1/1.JPG', '2.JPG']);
    });

    test('UTF-8 that does not say so is UTF-8, and accents are where everybody but macOS has them', async () => {
      const directory = await read([
        { name: 'zèbre.JPG'.normalize('NFD') },
        { name: 'é.JPG'.normalize('NFD'), utf8: true },
      ]);
      expect(names(directory)).toEqual(['zèbre.JPG', 'é.JPG'].map((name) => name.normalize('NFC')));
    });

    test('places beyond 32 bits are found where macOS writes them modulo 2³²', async () => {
      const [gap, data] = [1_500_000_000, 100];
      const count = 7;
      const places = Array.from({ length: count }, (_, i) => i * gap);
      const made = zip(
        places.map((place, i) => ({
          name: `${i}.JPG`,
          offset: place % 2 ** 32,
          ...(i < count - 1 ? { bytes: gap - data, compressedBytes: gap - data } : {}),
        })),
      );
      const directory = made.subarray(made.indexOf('PK\u0001\u0002'));
      const start = places.at(-1)! + data;
      directory.writeUInt32LE(start % 2 ** 32, directory.length - 6);
      const reader: RangeReader = {
        name: 'S1.zip',
        bytes: start + directory.length,
        read: (from, length, _signal, into = Buffer.alloc(length)) => {
          into.fill(0, 0, length);
          directory.copy(into, Math.max(0, start - from), Math.max(0, from - start));
          return Promise.resolve(into.subarray(0, length));
        },
        close: () => Promise.resolve(),
      };
      const { entries, rejected } = await readDirectory(reader, { limits: { entryBytes: Infinity } });
      expect(rejected).toEqual([]);
      expect([...entries].map(({ offset }) => offset)).toEqual(places);
    });

    test.each<[string, ZipShape]>([
      ['bytes behind the end record', { suffix: Buffer.from('\n\n') }],
      ['bytes behind the end record and a comment', { comment: 'S1', suffix: Buffer.alloc(512) }],
      ['bytes behind the end record and zip64', { suffix: Buffer.alloc(512), zip64End: true }],
      ['a comment', { comment: 'photographs of season 1' }],
      ['a comment that looks like an end record', { comment: `PK\u0005\u0006${'\0'.repeat(18)}` }],
      ['a comment of the greatest length', { comment: 'x'.repeat(0xffff) }],
      ['bytes in front', { prefix: Buffer.from('#!/bin/sh\nexit\n') }],
      ['bytes in front and zip64', { prefix: Buffer.from('#!/bin/sh\nexit\n'), zip64End: true }],
      ['padding after the directory', { padding: 40 }],
      ['padding after the directory and zip64', { padding: 40, zip64End: true }],
    ])('%s is no hindrance', async (_, shape) => {
      const directory = await read([{ name: 'a', data: 'abc' }, { name: 'b' }], shape);
      expect(names(directory)).toEqual(['a', 'b']);
      const prefix = shape.prefix?.length ?? 0;
      expect([...directory.entries].map(({ offset }) => offset)).toEqual([prefix, prefix + 34]);
    });

    test('more than 65,535 entries in an archive without zip64 are counted modulo 65,536', async () => {
      const parts = Array.from({ length: 65_540 }, (_, i) => ({ name: `${i}`, data: '' }));
      expect((await read(parts, { announcedEntries: 4 })).entries).toHaveLength(65_540);
    });

    test('two reads are enough', async () => {
      const reader = memoryReader(
        zip(
          Array.from({ length: 5_000 }, (_, i) => ({ name: `S1/${i}.JPG` })),
          { zip64End: true },
        ),
      );
      await readDirectory(reader);
      expect(reader.reads.length).toBeLessThanOrEqual(3);
    });
  });

  describe('of archives that are none', () => {
    const whole = zip([{ name: 'a' }, { name: 'b' }]);

    test.each<[string, Buffer, string, RegExp]>([
      ['nothing', Buffer.alloc(0), 'ARCHIVE_INVALID', /S1\.zip \(0 bytes\), byte 0: no zip archive, or cut off/],
      ['something else', Buffer.from('<html>not found</html>'), 'ARCHIVE_INVALID', /no zip archive/],
      ['cut off at the end', whole.subarray(0, -5), 'ARCHIVE_INVALID', /cut off: no end record in its last/],
      [
        'cut in the middle',
        Buffer.concat([whole.subarray(0, 10), whole.subarray(30)]),
        'ARCHIVE_INVALID',
        /lost bytes/,
      ],
      ['several disks', zip([{ name: 'a' }], { endDisk: 2 }), 'ARCHIVE_UNSUPPORTED', /byte 82: the last disk \(2\)/],
      [
        'a wrong count',
        zip([{ name: 'a' }], { announcedEntries: 2 }),
        'ARCHIVE_INVALID',
        /has 1 entries and announces 2/,
      ],
    ])('%s: an error that says so', async (_, bytes, code, message) => {
      await expect(readDirectory(memoryReader(bytes))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    });

    test('a damaged directory names entry and byte', async () => {
      const bytes = Buffer.from(whole);
      const second = bytes.lastIndexOf('PK\u0001\u0002');
      bytes[second] = 0;
      await expect(readDirectory(memoryReader(bytes))).rejects.toMatchObject({
        code: 'ARCHIVE_INVALID',
        message: expect.stringContaining(`byte ${second}: directory entry 1 does not begin with its signature`),
      });
    });

    test('a bomb of many entries is refused as a whole', async () => {
      const parts = Array.from({ length: 50 }, (_, i) => ({ name: `${i}`, data: Buffer.alloc(1_000), deflate: true }));
      await expect(read(parts, {}, { totalBytesFrom: 10_000, totalRatio: 2 })).rejects.toMatchObject({
        code: 'ARCHIVE_HOSTILE',
        message: expect.stringMatching(/says that it unpacks to 50000 bytes, more than the limit of/),
      });
    });
  });

  describe('of entries that must not be used', () => {
    const good: ZipPart = { name: 'good.JPG', data: 'good' };

    test.each<[string, ZipPart, string, RegExp]>([
      ['traversal', { name: '../evil.JPG' }, 'ARCHIVE_HOSTILE', /leads out of the folder with "\.\."/],
      ['traversal in the middle', { name: 'S1/../../evil.JPG' }, 'ARCHIVE_HOSTILE', /leads out/],
      ['an absolute name', { name: '/etc/passwd' }, 'ARCHIVE_HOSTILE', /absolute name/],
      ['a backslash', { name: 'S1\\..\\evil.JPG' }, 'ARCHIVE_HOSTILE', /backslash/],
      ['a drive letter', { name: 'C:evil.JPG' }, 'ARCHIVE_HOSTILE', /drive letter/],
      ['a NUL', { name: 'evil.JPG\0.txt' }, 'ARCHIVE_HOSTILE', /control character/],
      ['a line break', { name: 'evil\n.JPG' }, 'ARCHIVE_HOSTILE', /control character/],
      ['an empty name', { name: '' }, 'ARCHIVE_HOSTILE', /has no name/],
      ['an empty part', { name: 'S1//1.JPG' }, 'ARCHIVE_HOSTILE', /empty or "\." part/],
      ['a "." part', { name: 'S1/./1.JPG' }, 'ARCHIVE_HOSTILE', /empty or "\." part/],
      ['nothing but "./"', { name: './', data: 'x' }, 'ARCHIVE_HOSTILE', /has no name/],
      ['"./" before an absolute name', { name: './/etc/passwd/../x' }, 'ARCHIVE_HOSTILE', /leads out/],
      ['a backslash of Windows that leads out', { name: 'S1\\..\\..\\x', host: 0 }, 'ARCHIVE_HOSTILE', /leads out/],
      [
        'a backslash of Windows at the beginning',
        { name: '\\\\server\\x', host: 0 },
        'ARCHIVE_HOSTILE',
        /absolute name/,
      ],
      ['a drive letter of Windows', { name: 'C:\\x', host: 0 }, 'ARCHIVE_HOSTILE', /drive letter/],
      ['a folder of Windows that has bytes', { name: 'S1\\', host: 0 }, 'ARCHIVE_HOSTILE', /empty or "\." part/],
      ['Deflate64', { name: 'x', method: 9 }, 'ARCHIVE_UNSUPPORTED', /Deflate64 \(method 9\), .* pack the files again/],
      ['a long part', { name: 'x'.repeat(256) }, 'ARCHIVE_HOSTILE', /longer than 255 bytes/],
      ['a long name', { name: 'x/'.repeat(600) + 'y' }, 'ARCHIVE_HOSTILE', /longer than 1024 bytes/],
      ['bad UTF-8', { name: Buffer.from([0xff, 0xfe]), utf8: true }, 'ARCHIVE_INVALID', /not the UTF-8 it says/],
      [
        'a hidden second name',
        { name: '../x', extra: unicodePath('fine.JPG', '../x') },
        'ARCHIVE_HOSTILE',
        /leads out/,
      ],
      ['a bad second name', { name: 'x', extra: unicodePath('../x', 'x') }, 'ARCHIVE_HOSTILE', /leads out/],
      ['a symbolic link', { name: 'link', mode: 0o120777 }, 'ARCHIVE_HOSTILE', /is a symbolic link/],
      ['a device', { name: 'sda', mode: 0o060644 }, 'ARCHIVE_HOSTILE', /is a device/],
      ['a pipe', { name: 'pipe', mode: 0o010644 }, 'ARCHIVE_HOSTILE', /is a named pipe/],
      ['a repeated name', { name: 'good.JPG' }, 'ARCHIVE_HOSTILE', /name of an entry before it/],
      ['encryption', { name: 'x', flags: 1 }, 'ARCHIVE_UNSUPPORTED', /is encrypted/],
      ['AES', { name: 'x', method: 99 }, 'ARCHIVE_UNSUPPORTED', /is encrypted/],
      ['an unknown method', { name: 'x', method: 14 }, 'ARCHIVE_UNSUPPORTED', /compressed with method 14/],
      ['another disk', { name: 'x', disk: 3 }, 'ARCHIVE_UNSUPPORTED', /begins on disk 3/],
      [
        'a place behind the end',
        { name: 'x', offset: 10_000 },
        'ARCHIVE_INVALID',
        /is cut off: it should end at byte 10035/,
      ],
      ['a size behind the end', { name: 'x', compressedBytes: 9_999, bytes: 9_999 }, 'ARCHIVE_INVALID', /is cut off/],
      ['two sizes', { name: 'x', bytes: 3 }, 'ARCHIVE_INVALID', /stored, yet has two sizes: 4 and 3/],
      [
        'a bomb by size',
        { name: 'x', deflate: true, bytes: 2 ** 31 },
        'ARCHIVE_HOSTILE',
        /unpacks to 2147483648 bytes, more/,
      ],
      [
        'a bomb by ratio',
        { name: 'x', deflate: true, bytes: 2 ** 27 },
        'ARCHIVE_HOSTILE',
        /more than 200 times as many/,
      ],
    ])('%s: it is left out with the reason and the byte, the others stay', async (_, part, code, reason) => {
      const directory = await read([good, part, { name: 'too.JPG' }]);
      expect(names(directory)).toEqual(['good.JPG', 'too.JPG']);
      expect(directory.rejected).toEqual([
        {
          archive: 'S1.zip',
          name: expect.any(String),
          code,
          reason: expect.stringMatching(reason),
          byte: expect.any(Number),
        },
      ]);
    });

    test('the byte is that of the record in the directory', async () => {
      const bytes = zip([good, { name: '../evil' }]);
      const { rejected } = await readDirectory(memoryReader(bytes));
      expect(rejected[0]?.byte).toBe(bytes.lastIndexOf('PK\u0001\u0002'));
    });

    test('control characters are made visible in the list', async () => {
      const { rejected } = await read([good, { name: 'a\n\0b' }]);
      expect(rejected[0]?.name).toBe('a\\x0a\\x00b');
    });

    test('one text in two encodings is one name', async () => {
      const { entries, rejected } = await read([
        { name: 'é.JPG', utf8: true },
        { name: Buffer.from([0x82, 0x2e, 0x4a, 0x50, 0x47]) },
        { name: 'plain.JPG' },
        { name: 'x', extra: unicodePath('plain.JPG', 'x') },
      ]);
      expect([...entries].map(({ name }) => name)).toEqual(['é.JPG', 'plain.JPG']);
      expect(rejected.map(({ name }) => name)).toEqual(['é.JPG', 'plain.JPG']);
    });

    test('of entries that share bytes one stays', async () => {
      const { entries, rejected } = await read([
        { name: 'a', data: 'x'.repeat(100) },
        { name: 'b', data: 'x'.repeat(100), offset: 0 },
        { name: 'c', data: 'x'.repeat(100), offset: 0 },
      ]);
      expect(entries).toHaveLength(1);
      expect(rejected).toHaveLength(2);
      expect(rejected[0]).toMatchObject({
        code: 'ARCHIVE_HOSTILE',
        reason: expect.stringMatching(/^shares bytes with entry "/),
      });
    });

    test('one entry that claims the bytes of all costs no honest one', async () => {
      const honest = ['a', 'b', 'c', 'd'].map((name) => ({ name, data: 'x'.repeat(50) }));
      const { entries, rejected } = await read([
        ...honest,
        { name: 'liar', offset: 0, bytes: 300, compressedBytes: 300 },
      ]);
      expect([...entries].map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
      expect(rejected.map(({ name }) => name)).toEqual(['liar']);
    });
  });
});
