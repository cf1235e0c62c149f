import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { zipMembers } from '../../../lib/seasons';
import { temporaryFolder } from '../../support/folders';
import { zip, type ZipPart } from '../seasons/support/zip';

const folder = temporaryFolder();

async function archive(...parts: ZipPart[]): Promise<string> {
  const path = join(folder(), 'S1.json.zip');
  await writeFile(path, zip(parts));
  return path;
}

describe('zipMembers', () => {
  test('streams stored, deflated and empty members', async () => {
    const long = Buffer.alloc(3_000_000, 'zebra ');
    const members = await zipMembers(
      await archive(
        { name: 'a.json', data: '{}' },
        { name: 'folder/', data: '' },
        { name: 'b.json', data: long, deflate: true },
        { name: 'c', data: '' },
      ),
    );
    expect(members.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.json', 2],
      ['b.json', 3_000_000],
      ['c', 0],
    ]);
    expect(await text(members[0]!.open())).toBe('{}');
    expect((await buffer(members[1]!.open())).equals(long)).toBe(true);
    expect(await text(members[2]!.open())).toBe('');
  });

  test('of Windows and with "./" are read under their paths', async () => {
    const members = await zipMembers(
      await archive(
        { name: 'export\\media.csv', data: 'id', host: 0 },
        { name: './a.json', data: '{}' },
        { name: 'zèbre.csv'.normalize('NFD'), data: 'z' },
      ),
    );
    expect(members.map(({ name }) => name)).toEqual(['export/media.csv', 'a.json', 'zèbre.csv'.normalize('NFC')]);
    expect(await Promise.all(members.map((member) => text(member.open())))).toEqual(['id', '{}', 'z']);
  });

  test('text may pack better than any photograph', async () => {
    const [member] = await zipMembers(await archive({ name: 'a', data: Buffer.alloc(40 << 20), deflate: true }));
    expect((await buffer(member!.open())).length).toBe(40 << 20);
  });

  test('a member that unpacks to more than it announces ends there', async () => {
    const path = await archive({
      name: 'a.json',
      data: Buffer.alloc(40 << 20),
      deflate: true,
      descriptor: true,
      bytes: 100,
    });
    const [member] = await zipMembers(path);
    await expect(buffer(member!.open())).rejects.toThrow('unpacks to more than the announced 100 bytes');
  });

  test('an archive that announces more than any metadata is refused', async () => {
    const many = Array.from({ length: 17 }, (_, i) => ({
      name: `${i}.json`,
      data: '{}',
      deflate: true,
      bytes: 2 ** 32 - 2,
    }));
    await expect(zipMembers(await archive(...many))).rejects.toMatchObject({ code: 'ARCHIVE_HOSTILE' });
  });

  test('a damaged member fails at its end', async () => {
    const [member] = await zipMembers(await archive({ name: 'a.json', data: '{}', crc: 7 }));
    await expect(text(member!.open())).rejects.toMatchObject({
      code: 'ENTRY_CORRUPT',
      message: expect.stringMatching(/^S1\.json\.zip, byte 0: entry "a\.json" unpacks to 2 bytes with another CRC-32/),
    });
  });

  test('a member whose packed bytes make no sense fails with its name', async () => {
    const path = await archive({ name: 'a.json', data: Buffer.from('zebra lion '.repeat(9)), deflate: true });
    const bytes = await readFile(path);
    // Behind the name, a first block of a type that there is not.
    bytes[30 + 'a.json'.length]! |= 6;
    await writeFile(path, bytes);
    const [member] = await zipMembers(path);
    await expect(buffer(member!.open())).rejects.toMatchObject({
      code: 'ENTRY_CORRUPT',
      message: expect.stringMatching(/a\.json.*cannot be unpacked: invalid block type/) as string,
    });
  });

  test('a member that cannot be used is an error with its name', async () => {
    await expect(zipMembers(await archive({ name: '../a.json' }))).rejects.toMatchObject({ code: 'ARCHIVE_HOSTILE' });
    await expect(zipMembers(join(folder(), 'none.zip'))).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
  });

  test('a stream may be left in the middle', async () => {
    const [member] = await zipMembers(await archive({ name: 'a', data: Buffer.alloc(3_000_000, 'x'), deflate: true }));
    const stream = member!.open();
    for await (const chunk of stream) if ((chunk as Buffer).length > 0) break;
    expect(stream.destroyed).toBe(true);
  });
});
