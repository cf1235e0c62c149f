import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Catalog } from '../../../lib/contracts/catalog';
import type {
  CatalogRef,
  CatalogSummary,
  FramesRef,
  FramesSummary,
  IndexSummary,
  MetadataRef,
} from '../../../lib/contracts/steps';
import { steps } from '../../../lib/pipeline/steps';
import { openStore, produce } from '../../../lib/store';
import { sequence } from '../../lib/metadata/support/season';
import { indexedSeasons, type IndexedSeasons } from '../../lib/metadata/support/seasons';
import { photograph } from '../../lib/submission/support/colourModel';

const SEASONS = {
  S1: [sequence('SER_S1#B04#1#1', ['zebra'], [1, 2]), sequence('SER_S1#B04#1#2', ['empty'], [3])],
  S2: [sequence('SER_S2#C01#1#1', ['buffalo'], [1])],
};

/** What a run leaves in the store when its seasons are indexed: the catalog, frames, tables. */
export async function storeSeasons(
  folder: string,
  name: string,
  seasons: readonly string[],
): Promise<{ readonly catalog: CatalogRef; readonly frames: readonly FramesRef[] }> {
  await mkdir(join(folder, name), { recursive: true });
  const made: IndexedSeasons = await indexedSeasons(join(folder, name), SEASONS);
  const catalog: Catalog = { ...made.catalog, name };
  const store = openStore(process.env.SERENGETI_STORE!);
  const { ref: catalogRef } = await produce<CatalogSummary>(store, {
    recipe: steps.readCatalog.recipe(catalog, ['S1'], ['S2']),
    work: async (draft) => {
      await writeFile(draft.path('catalog.json'), JSON.stringify(catalog));
      return { name, seasons: 2, classes: 4, trainSeasons: ['S1'], validationSeasons: ['S2'], sources: {} };
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
  return { catalog: catalogRef, frames };
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
