import { listArchives, openArchivedFrames, openRemoteReader, probe, type RemoteReader } from '../../../../lib/seasons';
import type { FolderServer } from '../../../../simulator/server/serveFolder';
import type { Fault } from '../../../../simulator/server/faults';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../../support/folders';
import { QUICK, mirror, randomFile, servers } from '../support/served';
import { zip } from '../support/zip';

const folder = temporaryFolder();
const hosts = servers();
const BYTES = 100_000;

describe('openRemoteReader', () => {
  let data: Buffer;

  beforeEach(async () => {
    data = await randomFile(folder(), 'S1.zip', BYTES);
  });

  async function open(...hosted: FolderServer[]): Promise<RemoteReader> {
    const mirrors = hosted.map((server, i) => mirror(`m${i}`, server));
    return openRemoteReader(mirrors, await probe(mirrors, 'S1.zip', { policy: QUICK }), { policy: QUICK });
  }

  const serve = (...faults: Fault[]): Promise<FolderServer> => hosts.start({ directory: folder(), faults });

  test('reads ranges, many at once', async () => {
    const reader = await open(await serve());
    expect([reader.name, reader.bytes]).toEqual(['S1.zip', BYTES]);
    const starts = [0, 1, 50_000, BYTES - 10];
    const read = await Promise.all(starts.map((start) => reader.read(start, 10)));
    starts.forEach((start, i) => expect(read[i]!.equals(data.subarray(start, start + 10))).toBe(true));
    expect(reader.receivedBytes).toBe(40);
    await reader.close();
  });

  test('goes on at another mirror from the byte where one broke off', async () => {
    const [bad, good] = [await serve({ after: 1, resetAfter: 30_000 }), await serve()];
    const reader = await open(bad, good);
    expect((await reader.read(0, BYTES)).equals(data)).toBe(true);
    expect(reader.receivedBytes).toBe(BYTES);
    await reader.close();
  });

  test('waits for the only mirror', async () => {
    const reader = await open(await serve({ after: 1, times: 2, status: 503 }));
    expect((await reader.read(7, 7)).equals(data.subarray(7, 14))).toBe(true);
    await reader.close();
  });

  test('gives up with what the mirror said, and knows when ranges were the reason', async () => {
    const reader = await open(await serve({ after: 1, status200For206: true }));
    expect(reader.rangesIgnored).toBe(false);
    await expect(reader.read(0, 10)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('ignores byte ranges: it answered 200 instead of 206'),
    });
    expect(reader.rangesIgnored).toBe(true);
    await reader.close();
  });

  test('frames are read straight from an archive at its mirror', async () => {
    await writeFile(join(folder(), 'S1.zip'), zip([{ name: 'a.JPG', data: 'a frame' }, { name: 'b.JPG' }]));
    const reader = await open(await serve());
    await listArchives({ archives: [reader], directory: join(folder(), 'season') });
    const frames = await openArchivedFrames(join(folder(), 'season'), [reader]);
    expect(String(await frames.read('a.JPG'))).toBe('a frame');
    await frames.close();
  });
});
