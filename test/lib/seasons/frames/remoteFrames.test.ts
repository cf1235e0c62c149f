import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  areRanged,
  extractArchives,
  listRemoteArchives,
  openLooseFrames,
  openRemoteFrames,
  probe,
} from '../../../../lib/seasons';
import { temporaryFolder } from '../../../support/folders';
import { mirror, servers } from '../support/served';
import { zip } from '../support/zip';

const folder = temporaryFolder();
const hosts = servers();

const FRAMES = 50;
const nameOf = (i: number): string => `S1/B0${i % 5}/PICT${String(i).padStart(4, '0')}.JPG`;
const bytesOf = (i: number): Buffer => Buffer.alloc(20_000, `frame number ${i}; `);
const at = (...parts: string[]): string => join(folder(), ...parts);

/** Publishes a season of {@link FRAMES} frames. */
async function publish() {
  await mkdir(at('source'), { recursive: true });
  const parts = Array.from({ length: FRAMES }, (_, i) => ({ name: nameOf(i), data: bytesOf(i) }));
  await writeFile(at('source', 'S1.zip'), zip(parts));
  const server = await hosts.start({ directory: at('source') });
  const mirrors = [mirror('a', server)];
  return { server, mirrors, archives: [await probe(mirrors, 'S1.zip')] };
}

it('an archive that no mirror gives in parts is told apart', async () => {
  const { archives } = await publish();
  const whole = archives.map((archive) => ({ ...archive, at: archive.at.map((copy) => ({ ...copy, ranges: false })) }));
  expect(areRanged(archives)).toBe(true);
  expect(areRanged([...archives, ...whole])).toBe(false);
});

it('archives are listed at their mirrors as extraction lists them, for a few bytes', async () => {
  const { server, mirrors, archives } = await publish();
  server.forget();
  const listing = await listRemoteArchives({ mirrors, archives, directory: at('remote') });
  await extractArchives({ archives: [at('source', 'S1.zip')], directory: at('extracted') });

  expect(listing).toMatchObject({ entries: FRAMES, rejected: 0, wireBytes: server.bytesSent() });
  expect(listing.wireBytes).toBeLessThan(archives[0]!.bytes / 10);
  expect(await readFile(at('remote', 'entries.csv'), 'utf8')).toBe(
    await readFile(at('extracted', 'entries.csv'), 'utf8'),
  );
});

it('single frames are read out of archives at their mirrors, others are missing', async () => {
  const { mirrors, archives } = await publish();
  await listRemoteArchives({ mirrors, archives, directory: at('remote') });
  const frames = await openRemoteFrames({ mirrors, archives, directory: at('remote') });

  expect((await frames.read(nameOf(7))).equals(bytesOf(7))).toBe(true);
  expect([frames.has(nameOf(7)), frames.has('S1/none.JPG')]).toEqual([true, false]);
  await expect(frames.read('S1/none.JPG')).rejects.toMatchObject({ code: 'FRAME_MISSING' });
  await frames.close();
});

it('single frames are read where they lie loose, and one that no mirror has is named', async () => {
  const { mirrors } = await publish();
  const path = at('source', 'loose', nameOf(3));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytesOf(3));
  const frames = openLooseFrames({ mirrors, folder: 'loose' });

  expect((await frames.read(nameOf(3))).equals(bytesOf(3))).toBe(true);
  await expect(frames.read(nameOf(4))).rejects.toMatchObject({
    code: 'FRAME_MISSING',
    message: `No frame "${nameOf(4)}": no mirror has it in loose`,
  });
  await frames.close();
});
