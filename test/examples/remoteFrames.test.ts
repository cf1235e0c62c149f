import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveRemoteFrames } from '../../examples/remoteFrames';
import { servers } from '../lib/seasons/support/served';
import { zip } from '../lib/seasons/support/zip';
import { temporaryFolder } from '../support/folders';

const folder = temporaryFolder();
const hosts = servers();

const parts = Array.from({ length: 50 }, (_, i) => ({
  name: `S1/B0${i % 5}/PICT${String(i).padStart(4, '0')}.JPG`,
  data: Buffer.alloc(20_000, `frame number ${i}; `),
}));

it('saves the first frames of a remote archive, and fetches little more than these', async () => {
  const source = join(folder(), 'source');
  await mkdir(source);
  await writeFile(join(source, 'season 1.zip'), zip(parts));
  const server = await hosts.start({ directory: source });
  const saved = await saveRemoteFrames(`${server.url}season%201.zip`, join(folder(), 'frames'), 3);
  expect(saved).toEqual(parts.slice(0, 3).map(({ name }) => join(folder(), 'frames', name)));
  for (const [i, path] of saved.entries()) expect(await readFile(path)).toEqual(parts[i]!.data);
  expect(server.bytesSent()).toBeLessThan(10 * 20_000);
});

it('says what the server answered where there is no such archive', async () => {
  const server = await hosts.start({ directory: folder() });
  await expect(saveRemoteFrames(`${server.url}none.zip`, join(folder(), 'frames'), 3)).rejects.toMatchObject({
    code: 'SOURCE_MISSING',
  });
});
