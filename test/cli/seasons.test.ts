import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listSeasons } from '../../cli/seasons';
import { openStore, produce } from '../../lib/store';
import { servers } from '../lib/seasons/support/served';
import { temporaryFolder } from '../support/folders';
import { commandOutput } from './support/command';

const folder = temporaryFolder();
const printed = commandOutput(folder);
const hosts = servers();

/** Three seasons, of which the mirror has the first one's archive only. */
async function catalog(): Promise<string> {
  const server = await hosts.startWith(folder(), { 'S1.zip': 'x'.repeat(1_500), 'S1.json': '{}' }, []);
  const path = join(folder(), 'catalog.json');
  const seasons = ['S1', 'S2', 'S3'].map((id) => ({
    id,
    archives: [`${id}.zip`],
    metadata: { format: 'coco-camera-traps', path: `${id}.json` },
  }));
  const mirrors = [{ name: 'here', url: server.url }];
  await writeFile(
    path,
    JSON.stringify({ name: 'mine', description: 'My traps', mirrors, classes: ['empty', 'zebra'], seasons }),
  );
  return path;
}

describe('serengeti seasons', () => {
  it('lists sizes, and what of each season is here', async () => {
    const store = openStore(process.env.SERENGETI_STORE!);
    const { ref: archive } = await produce(store, {
      recipe: { kind: 'archive', step: 'downloadSeason', version: 1, params: {}, inputs: [] },
      work: async (draft) => {
        await writeFile(draft.path('S1.zip'), 'x'.repeat(1_500));
        return { season: 'S1' };
      },
    });
    await produce(store, {
      recipe: { kind: 'frames', step: 'unzipSeason', version: 1, params: {}, inputs: [archive] },
      work: () => Promise.resolve({ season: 'S1', entries: 1_234 }),
    });
    await listSeasons({ catalog: await catalog() });
    expect(printed()).toMatch(/^mine: My traps\n/);
    expect(printed()).toMatch(/^S1 +1 +1\.50 kB +1\.50 kB +1,234 frames +–$/m);
  });

  it('explains once what is the matter with seasons that no mirror has', async () => {
    await listSeasons({ catalog: await catalog() });
    expect(printed()).toMatch(/^S1 +1 +1\.50 kB +– +– +–$/m);
    expect(printed()).toMatch(/^S2 +\? +SOURCE_MISSING +– +– +–$/m);
    expect(printed()).toMatch(/^S3 +\? +SOURCE_MISSING +– +– +–$/m);
    expect(printed()).toMatch(
      /\nS2: No mirror gives S2\.zip:\n {2}- http:.*S2\.zip answered 404 .*\n.*\(SOURCE_MISSING\)\n$/,
    );
  });
});
