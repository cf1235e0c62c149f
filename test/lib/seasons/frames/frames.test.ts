import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  extractArchives,
  listArchives,
  openArchivedFrames,
  openExtractedFrames,
  openPackedFrames,
  type FrameReader,
} from '../../../../lib/seasons';
import { FramePack } from '../../../../lib/seasons/frames/framePack';
import { temporaryFolder } from '../../../support/folders';
import { memoryReader } from '../support/memoryReader';
import { zip } from '../support/zip';

const folder = temporaryFolder();

const ARCHIVE = zip([
  { name: 'S1/stored.JPG', data: 'a stored frame' },
  { name: 'S1/deflated.JPG', data: 'a deflated frame '.repeat(2_000), deflate: true },
  { name: 'S1/extra.JPG', data: 'behind a long extra field', localExtra: Buffer.alloc(5_000) },
]);

const FRAMES: Readonly<Record<string, string>> = {
  'S1/stored.JPG': 'a stored frame',
  'S1/deflated.JPG': 'a deflated frame '.repeat(2_000),
  'S1/extra.JPG': 'behind a long extra field',
};

/** The same frames, kept in each of the ways. */
const WAYS: Readonly<Record<string, (archive: string, directory: string) => Promise<FrameReader>>> = {
  extracted: async (archive, directory) => {
    await extractArchives({ archives: [archive], directory });
    return await openExtractedFrames(directory);
  },
  'in a local archive': async (archive, directory) => {
    await listArchives({ archives: [archive], directory });
    return await openArchivedFrames(directory, [archive]);
  },
  'in an archive behind a reader': async (_, directory) => {
    const reader = memoryReader(ARCHIVE);
    await listArchives({ archives: [reader], directory });
    return await openArchivedFrames(directory, [reader]);
  },
  'packed in one zip': async (_, directory) => {
    const pack = new FramePack(directory);
    for (const [name, data] of Object.entries(FRAMES)) await pack.write(name, Buffer.from(data));
    await pack.pack(
      Object.entries(FRAMES).map(([name, data]) => ({ name, crc32: crc32(data) })),
      [],
    );
    return await openPackedFrames(directory);
  },
};

describe.each(Object.entries(WAYS))('frames %s', (_, prepare) => {
  let frames: FrameReader;

  beforeEach(async () => {
    await writeFile(join(folder(), 'S1.zip'), ARCHIVE);
    frames = await prepare(join(folder(), 'S1.zip'), join(folder(), 'season'));
  });

  afterEach(async () => {
    await frames.close();
  });

  test('reads them by name, many at once', async () => {
    const names = Object.keys(FRAMES);
    const read = await Promise.all(names.map((name) => frames.read(name)));
    expect(read.map(String)).toEqual(Object.values(FRAMES));
    expect(names.map((name) => frames.has(name))).toEqual([true, true, true]);
    expect([...frames.names()].sort()).toEqual(names.sort());
  });

  test.each(['S1/none.JPG', '../season/entries.csv', ''])('no frame "%s"', async (name) => {
    expect(frames.has(name)).toBe(false);
    await expect(frames.read(name)).rejects.toMatchObject({
      code: 'FRAME_MISSING',
      message: expect.stringContaining(`No frame "${name}"`),
    });
  });
});

describe('opening frames', () => {
  test('an extracted frame that was changed or removed since', async () => {
    await writeFile(join(folder(), 'S1.zip'), ARCHIVE);
    await extractArchives({ archives: [join(folder(), 'S1.zip')], directory: folder() });
    const path = join(folder(), 'frames/S1/stored.JPG');
    await writeFile(path, 'another frame!');
    const frames = await openExtractedFrames(folder());
    await expect(frames.read('S1/stored.JPG')).rejects.toMatchObject({
      code: 'ENTRY_CORRUPT',
      message: expect.stringContaining('is not the frame "S1/stored.JPG" (14 bytes): its CRC-32 differs'),
    });
    await rm(path);
    await expect(frames.read('S1/stored.JPG')).rejects.toMatchObject({ code: 'FRAME_MISSING' });
  });

  test('a frame that is damaged in its archive', async () => {
    const damaged = Buffer.from(ARCHIVE);
    damaged[45] = 0;
    await listArchives({ archives: [memoryReader(ARCHIVE)], directory: folder() });
    const frames = await openArchivedFrames(folder(), [memoryReader(damaged)]);
    await expect(frames.read('S1/stored.JPG')).rejects.toMatchObject({
      code: 'ENTRY_CORRUPT',
      message: expect.stringMatching(
        /^S1\.zip, byte 0: entry "S1\/stored\.JPG" has CRC-32 [0-9a-f]{8}, not [0-9a-f]{8}$/,
      ),
    });
  });

  test('an archive that is not among those given', async () => {
    await listArchives({ archives: [memoryReader(ARCHIVE)], directory: folder() });
    const frames = await openArchivedFrames(folder(), []);
    await expect(frames.read('S1/stored.JPG')).rejects.toThrow('its archive S1.zip is not there');
    await writeFile(join(folder(), 'S2.zip'), ARCHIVE);
    const archives = [join(folder(), 'S2.zip'), join(folder(), 'S1.zip')];
    await expect(openArchivedFrames(folder(), archives)).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
  });

  test('a list that is not there', async () => {
    await expect(openExtractedFrames(folder())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('frames that were found damaged before, with what was wrong', async () => {
    await listArchives({ archives: [memoryReader(ARCHIVE)], directory: folder() });
    await writeFile(
      join(folder(), 'rejected.csv'),
      'name,reason,byte,archive,code\nS1/bad.JPG,is at no mirror,0,S1.zip,ENTRY_CORRUPT\n',
    );
    const frames = await openExtractedFrames(folder());
    await expect(frames.read('S1/bad.JPG')).rejects.toMatchObject({
      code: 'ENTRY_CORRUPT',
      message: 'The frame "S1/bad.JPG" is at no mirror',
    });
  });

  test('a list that is none names file and line', async () => {
    const path = join(folder(), 'entries.csv');
    await writeFile(path, 'name,size\na,1\n');
    await expect(openExtractedFrames(folder())).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining(`${path}, line 1: has the columns name,size instead of name,archive,`),
    });
    await writeFile(
      path,
      'name,archive,offset,compressedBytes,bytes,crc32,method\na,S1.zip,0,4,4,00000000,0\nb,S1.zip,x,4,4,0,0\n',
    );
    await expect(openExtractedFrames(folder())).rejects.toThrow(
      `${path}, line 3: has values that are not numbers: x,4,4,0,0`,
    );
  });
});
