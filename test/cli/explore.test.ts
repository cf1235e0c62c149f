import { cp, readFile, writeFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { steps } from '../../lib/pipeline/steps';
import { explore, type ExploreOptions } from '../../cli/explore';
import type { Catalog } from '../../lib/contracts/catalog';
import type { FramesRef, FramesSummary, IndexSummary, MetadataRef } from '../../lib/contracts/steps';
import { openStore, produce } from '../../lib/store';
import { sequence } from '../lib/metadata/support/season';
import { indexedSeasons, type IndexedSeasons } from '../lib/metadata/support/seasons';
import { photograph } from '../lib/submission/support/colourModel';
import { temporaryFolder } from '../support/folders';
import { commandOutput } from './support/command';

const folder = temporaryFolder();
const SEASONS = {
  S1: [sequence('SER_S1#B04#1#1', ['zebra'], [1, 2]), sequence('SER_S1#B04#1#2', ['empty'], [3])],
  S2: [sequence('SER_S2#C01#1#1', ['buffalo'], [1])],
};

const printed = commandOutput(folder);

/** What a run leaves in the store when its seasons are indexed: the catalog, frames, tables. */
async function stored(name: string, seasons: readonly string[]): Promise<{ readonly frames: readonly FramesRef[] }> {
  const made: IndexedSeasons = await indexedSeasons(await madeFolder(name), SEASONS);
  const catalog: Catalog = { ...made.catalog, name };
  const store = openStore(process.env.SERENGETI_STORE!);
  await produce(store, {
    recipe: steps.readCatalog.recipe(catalog, ['S1'], ['S2']),
    work: async (draft) => {
      await writeFile(draft.path('catalog.json'), JSON.stringify(catalog));
      return { name, seasons: 2, classes: 4, trainSeasons: ['S1'], validationSeasons: ['S2'] };
    },
  });
  const frames: FramesRef[] = [];
  for (const season of catalog.seasons.filter(({ id }) => seasons.includes(id))) {
    const { ref } = await produce<FramesSummary>(store, {
      recipe: steps.unzipSeason.recipe({ kind: 'archive', key: `${name}-${season.id}` }, 'extracted'),
      inventoried: ['frames'],
      work: (draft) => writeFrames((file) => draft.path(file), season.id as keyof typeof SEASONS),
    });
    frames.push(ref);
    const metadata = { kind: 'metadata', key: `${name}-${season.id}` } as unknown as MetadataRef;
    await produce<IndexSummary>(store, {
      recipe: steps.indexSeason.recipe(catalog, season, metadata, ref, 'listing'),
      sources: [ref],
      work: async (draft) => {
        const { directory } = made.indexes.find((index) => index.season === season.id)!;
        await cp(directory, draft.path('.'), { recursive: true });
        const summary = JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8')) as IndexSummary;
        return { ...summary, catalog: name };
      },
    });
  }
  return { frames };
}

async function madeFolder(name: string): Promise<string> {
  const path = join(folder(), name);
  await mkdir(path, { recursive: true });
  return path;
}

async function writeFrames(path: (name: string) => string, season: keyof typeof SEASONS): Promise<FramesSummary> {
  const photo = await photograph('zebra');
  const names = SEASONS[season].flatMap(({ frames }) => frames.map(({ name }) => name));
  for (const name of names) {
    await mkdir(dirname(path(`frames/${name}`)), { recursive: true });
    await writeFile(path(`frames/${name}`), photo);
  }
  const digest = crc32(photo).toString(16).padStart(8, '0');
  const rows = names.map((name) => `${name},${season}.zip,0,${photo.length},${photo.length},${digest},0\n`);
  await writeFile(path('entries.csv'), `name,archive,offset,compressedBytes,bytes,crc32,method\n${rows.join('')}`);
  await writeFile(path('rejected.csv'), 'name,reason,byte,archive,code\n');
  const frameBytes = names.length * photo.length;
  return { season, form: 'extracted', entries: names.length, frameBytes, archiveBytes: 0, wireBytes: 0, rejected: 0 };
}

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
