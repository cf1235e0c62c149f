import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { ERRORS, isSerengetiError } from '../../lib/contracts/errors';
import { indexSeason, loadDetections } from '../../lib/metadata';
import { decodeFrame, readModelCard } from '../../lib/model';
import { NpyFile, npyHeader } from '../../lib/model/npy';
import { readHeader } from '../../lib/model/predict/header';
import { readTensors, writeTensors } from '../../lib/model/safetensors';
import { readWeights } from '../../lib/model/weights';
import { extractArchives, loadCatalog, readEntriesCsv } from '../../lib/seasons';
import { parseManifest } from '../../lib/store/manifest';
import { FORMATS } from '../lib/metadata/support/formats';
import { catalogOf, entriesCsv, SEASON } from '../lib/metadata/support/season';
import { zip } from '../lib/seasons/support/zip';
import { photograph } from '../lib/model/support';
import { temporaryFolder } from '../support/folders';
import { mutationsOf } from '../support/mutations';

/** More with `SERENGETI_FUZZ_RUNS=10000`; another `SERENGETI_FUZZ_SEED` gives other bytes. */
const RUNS = Number(process.env.SERENGETI_FUZZ_RUNS ?? 40);
const SEED = Number(process.env.SERENGETI_FUZZ_SEED ?? 1);

const folder = temporaryFolder();

/** Something that reads bytes from elsewhere. */
interface Reader {
  readonly name: string;
  /** As it should be. */
  readonly sample: () => Promise<Buffer>;
  /** Reads a file. */
  readonly read: (path: string) => Promise<unknown>;
}

/** A season's metadata; the file with this place among a format's is the one that is changed. */
function metadataReader(format: keyof typeof FORMATS, position: number): Reader {
  const written = () => FORMATS[format](join(folder(), 'sample'), SEASON);
  return {
    name: `${format}, file ${position + 1}`,
    sample: async () => {
      await mkdir(join(folder(), 'sample'), { recursive: true });
      return await readFile((await written()).files[position]!);
    },
    read: async (path) => {
      const { metadata, files } = await written();
      const changed = files[position]!;
      await writeFile(changed, await readFile(path));
      const catalog = catalogOf(metadata);
      const directory = join(folder(), 'index');
      await mkdir(directory, { recursive: true });
      await indexSeason({ season: catalog.seasons[0]!, catalog, metadataFiles: files, directory });
    },
  };
}

const CATALOG = {
  name: 'mine',
  mirrors: [{ name: 'here', url: './' }],
  classes: ['empty', 'zebra'],
  seasons: [{ id: 'S1', archives: ['S1.zip'], metadata: { format: 'coco-camera-traps', path: 'S1.json' } }],
};
const DETECTIONS = {
  info: { format_version: '1.4', detector_metadata: { typical_detection_threshold: 0.2 } },
  detection_categories: { 1: 'animal', 2: 'person' },
  images: [
    { file: 'a.JPG', detections: [{ category: '1', conf: 0.9, bbox: [0.1, 0.2, 0.3, 0.4] }] },
    { file: 'b.JPG', failure: 'Failure image access', detections: null },
  ],
};
const fixture = (name: string) => readFile(join(__dirname, '../lib/model/weights/fixtures', name));
const json = (value: unknown) => async () => Buffer.from(JSON.stringify(value, undefined, 1));

const READERS: readonly Reader[] = [
  metadataReader('coco-camera-traps', 0),
  metadataReader('competition-csv', 0),
  metadataReader('competition-csv', 1),
  metadataReader('lila-csv', 0),
  metadataReader('lila-csv', 1),
  metadataReader('camtrap-dp', 0),
  metadataReader('camtrap-dp', 1),
  { name: 'detections', sample: json(DETECTIONS), read: loadDetections },
  { name: 'a catalog', sample: json(CATALOG), read: loadCatalog },
  {
    name: 'an archive',
    sample: async () =>
      zip([
        { name: 'S1/a.JPG', data: 'photograph', deflate: true },
        { name: 'S1/b.JPG', data: 'another', descriptor: true },
        { name: 'S1/c.JPG', data: 'large', zip64: true },
      ]),
    read: (path) => extractArchives({ archives: [path], directory: join(folder(), 'extracted') }),
  },
  {
    name: 'the list of entries',
    sample: async () => Buffer.from(entriesCsv(['S1/a.JPG', 'S1/b.JPG'])),
    read: async (path) => {
      for await (const entry of readEntriesCsv(path)) expect(typeof entry.name).toBe('string');
    },
  },
  { name: 'a Keras file', sample: () => fixture('saved.h5'), read: readWeights },
  {
    name: 'safetensors',
    sample: async () => {
      const path = join(folder(), 'sample.safetensors');
      const tensors = new Map([['w', { shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6]) }]]);
      await writeTensors(path, { tensors, metadata: { epoch: '3' } });
      return await readFile(path);
    },
    read: readTensors,
  },
  {
    name: 'features',
    sample: async () => Buffer.concat([npyHeader(2, 3), Buffer.alloc(24, 1)]),
    read: async (path) => {
      const file = await NpyFile.open(path);
      try {
        await file.readRows(0, new Float32Array(file.rows * file.width));
      } finally {
        await file.close();
      }
    },
  },
  {
    name: 'a photograph',
    sample: () => photograph(3, 96, 64),
    read: async (path) => {
      const form = { width: 32, height: 32, channels: 'RGB', fit: 'stretch' } as const;
      expect((await decodeFrame(await readFile(path), form)).pixels).toHaveLength(32 * 32 * 3);
    },
  },
  {
    name: 'when a photograph was taken',
    sample: async () =>
      await sharp(await photograph(3, 96, 64))
        .withExif({ IFD0: { Make: 'RECONYX' }, IFD2: { DateTimeOriginal: '2020:01:02 03:04:05' } })
        .jpeg()
        .toBuffer(),
    read: (path) => readHeader(path, 'a.JPG'),
  },
  {
    name: 'a model card',
    sample: async () => Buffer.from('{"format": 1, "backbone": "efficientnet-lite0", "classes": ["empty", "zebra"]}'),
    read: async (path) => {
      const directory = join(folder(), 'model');
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'model.json'), await readFile(path));
      await readModelCard(directory);
    },
  },
  {
    name: 'a manifest',
    sample: json({
      kind: 'pick',
      key: 'a'.repeat(64),
      step: 'pickFrames',
      version: 1,
      params: {},
      inputs: [],
      files: [],
    }),
    read: async (path) => parseManifest(await readFile(path, 'utf8'), path),
  },
];

/** Names of everything below a folder. */
async function below(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}

describe.each(READERS)('$name, whatever became of it,', ({ sample, read }) => {
  it('is read, or refused with a code of the table, and nothing is written elsewhere', async () => {
    const path = join(folder(), 'changed', 'S1');
    await mkdir(dirname(path), { recursive: true });
    const original = await sample();
    await fc.assert(
      fc.asyncProperty(mutationsOf(original), async (bytes) => {
        await writeFile(path, bytes);
        const outcome = await read(path).then(
          () => 'read',
          (error: unknown) => (isSerengetiError(error) && error.code in ERRORS ? 'refused' : error),
        );
        expect(outcome).toEqual(expect.stringMatching(/^(read|refused)$/));
        expect(await below(join(folder(), 'changed'))).toEqual(['S1']);
        for (const made of ['index', 'extracted']) await rm(join(folder(), made), { recursive: true, force: true });
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
