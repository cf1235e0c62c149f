import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explore, type ExploreOptions } from '../../cli/explore';
import { temporaryFolder } from '../support/folders';
import { commandOutput } from './support/command';
import { storeSeasons } from './support/storedSeasons';

const folder = temporaryFolder();
const printed = commandOutput(folder);

const stored = (name: string, seasons: readonly string[]) => storeSeasons(folder(), name, seasons);

async function explored(options: Partial<ExploreOptions> = {}): Promise<PageData> {
  const output = join(folder(), 'page.html');
  await explore({ output, seed: 1, ...options });
  const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(
    await readFile(output, 'utf8'),
  )!;
  return JSON.parse(data) as PageData;
}

interface PageData {
  readonly seasons: readonly { readonly season: string }[];
  readonly gallery: readonly { readonly sequence: string; readonly frames: readonly { readonly image?: object }[] }[];
}

describe('serengeti explore', () => {
  it('says what to do where no run has been', async () => {
    await expect(explored()).rejects.toMatchObject({ code: 'INDEX_MISSING', repair: expect.stringContaining('Run') });
  });

  it('names a season that the catalog does not have, and those that it has', async () => {
    await stored('mine', ['S1', 'S2']);
    await expect(explored({ seasons: ['S1', 'S9'] })).rejects.toMatchObject({
      code: 'SEASON_UNKNOWN',
      message: 'The catalog "mine" has no season S9; it has S1, S2.',
    });
  });

  it('names a season that no run has indexed, rather than leave it out', async () => {
    await stored('mine', ['S1']);
    await expect(explored({ seasons: ['S1', 'S2'] })).rejects.toMatchObject({
      code: 'INDEX_MISSING',
      message: expect.stringContaining('no tables of S2 of the catalog "mine"'),
    });
  });

  it('writes the page of the seasons that are indexed, with their photographs', async () => {
    await stored('mine', ['S1']);
    const { seasons, gallery } = await explored();
    expect(seasons.map(({ season }) => season)).toEqual(['S1']);
    expect(gallery.map((shown) => shown.sequence).sort()).toEqual(['SER_S1#B04#1#1', 'SER_S1#B04#1#2']);
    expect(gallery.flatMap(({ frames }) => frames).every(({ image }) => image !== undefined)).toBe(true);
    expect(printed()).toContain('mine: S1\n');
    expect(printed()).toContain(join(folder(), 'page.html'));
  });

  it('shows what training and validation share where both are on the page', async () => {
    await stored('mine', ['S1', 'S2']);
    await explored();
    expect(await readFile(join(folder(), 'page.html'), 'utf8')).toContain('What training and validation share');
    await explored({ seasons: ['S2'] });
    expect(await readFile(join(folder(), 'page.html'), 'utf8')).not.toContain('What training and validation share');
  });

  it('keeps catalogs apart that call their seasons the same', async () => {
    await stored('mine', ['S1']);
    await stored('yours', ['S2']);
    expect((await explored()).seasons).toMatchObject([{ season: 'S2' }]);
    expect((await explored({ catalog: 'mine' })).seasons).toMatchObject([{ season: 'S1' }]);
  });

  it('does without photographs that are no longer in the store', async () => {
    const { frames } = await stored('mine', ['S1']);
    for (const { uri } of frames) await rm(fileURLToPath(uri), { recursive: true });
    const { seasons, gallery } = await explored();
    expect(seasons).toHaveLength(1);
    expect(gallery).toEqual([]);
  });
});
