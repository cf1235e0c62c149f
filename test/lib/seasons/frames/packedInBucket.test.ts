import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchFrames, listRemoteArchives, openPackedFrames, probe } from '../../../../lib/seasons';
import { artifactId, produce, type Recipe } from '../../../../lib/store';
import { temporaryFolder } from '../../../support/folders';
import { BUCKET, stores } from '../../store/object/support';
import { QUICK, mirror, servers } from '../support/served';
import { zip } from '../support/zip';

const folder = temporaryFolder();
const { start } = servers();
const world = stores();

const FRAMES = 60;
const nameOf = (i: number): string => `S1/B01/PICT${String(i).padStart(4, '0')}.JPG`;
const bytesOf = (i: number): Buffer => Buffer.alloc(20_000, `frame number ${i}; `);
const recipe: Recipe = { kind: 'frames', step: 'fetchFrames', version: 2, params: {}, inputs: [] };

it('frames that were fetched for a store in a bucket are three objects and the manifest, read on another host', async () => {
  const published = join(folder(), 'source');
  await mkdir(published);
  const parts = Array.from({ length: FRAMES }, (_, i) => ({ name: nameOf(i), data: bytesOf(i) }));
  await writeFile(join(published, 'S1.zip'), zip(parts));
  const mirrors = [mirror('a', await start({ directory: published }))];
  const archives = [await probe(mirrors, 'S1.zip', { policy: QUICK })];
  await listRemoteArchives({ mirrors, archives, directory: join(folder(), 'season') });
  const entries = join(folder(), 'season', 'entries.csv');
  const wanted = parts.filter((_, i) => i % 2 === 0).map(({ name }) => name);

  const undigested: string[] = [];
  await produce(world.open('packed'), {
    recipe,
    undigested,
    work: async (draft) => {
      const fetched = await fetchFrames({ mirrors, archives, entries, wanted, directory: draft.path('.') });
      undigested.push(fetched.archive);
      return { entries: fetched.entries };
    },
  });

  const client = world.server.client();
  const listed = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'packed/' }));
  client.destroy();
  const names = listed.Contents!.map(({ Key }) => Key!.split('/').at(-1));
  expect(names.sort()).toEqual(['entries.csv', undigested[0], 'manifest.json', 'rejected.csv']);
  const artifact = await world.open('packed').open(artifactId(recipe));
  const frames = await openPackedFrames(artifact.path('.'));
  expect([...frames.names()]).toEqual(wanted);
  for (const i of [0, 30, 58]) expect((await frames.read(nameOf(i))).equals(bytesOf(i))).toBe(true);
  await frames.close();
});
