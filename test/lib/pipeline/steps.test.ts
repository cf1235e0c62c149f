import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkOptions } from '../../../lib/contracts/progress';
import { modelOptionsSchema, runInputSchema, type RunRequest } from '../../../lib/contracts/runInput';
import type { BackboneRef, BackboneSummary, CatalogRef, FeaturesSummary, PickRef } from '../../../lib/contracts/steps';
import { findAllMade, viewRun } from '../../../lib/pipeline/plan/made';
import { measureRates } from '../../../lib/pipeline/plan/rates';
import { NOTHING_MADE, type Made } from '../../../lib/pipeline/step';
import { steps } from '../../../lib/pipeline/steps';
import { framesOfShard } from '../../../lib/pipeline/steps/extractFeatures';
import { tasks } from '../../../lib/pipeline/tasks';
import { openStore, produce, type ArtifactStore } from '../../../lib/store';
import { simulateCatalog } from '../../../simulator';

const SEASONS = 3;
const work: Required<WorkOptions> = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onWarning: () => undefined,
  onNote: () => undefined,
};

let folder: string;
let catalog: CatalogRef;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-test-'));
  await simulateCatalog(join(folder, 'mirror'), { sequences: 12, width: 64, height: 48 });
  catalog = await makeEverything(openStore(pathToFileURL(join(folder, 'made/')).href));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Takes every step of a run; those that need TensorFlow leave an artifact without files. */
async function makeEverything(store: ArtifactStore): Promise<CatalogRef> {
  const input = runInputSchema.parse({ catalog: join(folder, 'mirror', 'catalog.json') });
  const read = await steps.readCatalog.run({ store }, input, work);
  const { trainSeasons, validationSeasons } = read.ref.summary;
  const seasons = [];
  for (const season of [...trainSeasons, ...validationSeasons]) {
    const request = { catalog: read.ref, season };
    const metadata = (await steps.downloadMetadata.run({ store }, request, work)).ref;
    const archive = (await steps.downloadArchive.run({ store }, request, work)).ref;
    const frames = (await steps.unzipSeason.run({ store }, { archive, frameSource: 'extracted' }, work)).ref;
    const index = await steps.indexSeason.run({ store }, { catalog: read.ref, metadata, frames }, work);
    seasons.push({ frames, index: index.ref });
  }
  const backbone = await empty<BackboneSummary>(store, steps.prepareBackbone.recipe(input.model, BACKBONE), {
    backbone: 'efficientnet-lite0',
    featureWidth: 1280,
    ...BACKBONE,
  });
  for (const seed of [2, input.seed]) {
    const indexes = seasons.map(({ index }) => index);
    const request = { catalog: read.ref, indexes, frames: input.frames, seed, model: input.model };
    const pick = (await steps.pickFrames.run({ store }, request, work)).ref;
    for (const { frames } of seasons) await makeFeatures(store, backbone, pick, frames);
    if (seed !== input.seed) continue;
    const model = await empty(store, steps.trainHead.recipe(backbone, pick, input), { trainFrames: 9, epochs: 5 });
    const validation = await empty(store, steps.validateModel.recipe(model as never, pick), { frames: 9 });
    await empty(store, steps.packageSubmission.recipe(model as never, validation as never), {});
  }
  return read.ref;
}

const BACKBONE = {
  weightsSha256: 'w'.repeat(64),
  pooling: 'average',
  preprocessing: { width: 384, height: 384, channels: 'RGB', fit: 'stretch' },
} as const;

async function makeFeatures(
  store: ArtifactStore,
  backbone: BackboneRef,
  pick: PickRef,
  frames: Parameters<typeof steps.extractFeatures.recipe>[1],
): Promise<void> {
  const { season } = frames.summary;
  const picked = await framesOfShard(store, pick, season, 0);
  const figures = { width: 1280, reused: 0, truncated: 0, unreadable: 0 };
  const summary = { season, shard: 0, frames: picked.length, ...figures };
  await empty<FeaturesSummary>(store, steps.extractFeatures.recipe(backbone, frames, 0, picked), summary);
}

async function empty<S extends object>(
  store: ArtifactStore,
  recipe: Parameters<typeof produce>[1]['recipe'],
  summary: S,
) {
  return (await produce<S>(store, { recipe, work: () => Promise.resolve(summary) })).ref;
}

/** A store with everything that a run made, to do with as a test likes. */
async function madeStore(name: string): Promise<ArtifactStore> {
  await cp(join(folder, 'made'), join(folder, name), { recursive: true });
  return openStore(pathToFileURL(join(folder, `${name}/`)).href);
}

async function madeIn(store: ArtifactStore, request: RunRequest = {}): Promise<Made> {
  return await findAllMade(await viewRun({ store }, { catalog, input: runInputSchema.parse(request) }, work));
}

function counts(made: Made): Partial<Record<keyof Made, number>> {
  const found = Object.entries(made).filter(([, refs]) => refs.length > 0);
  return Object.fromEntries(found.map(([name, refs]) => [name, refs.length]));
}

const EVERYTHING = {
  downloadMetadata: SEASONS,
  downloadArchive: SEASONS,
  unzipSeason: SEASONS,
  indexSeason: SEASONS,
  pickFrames: 1,
  prepareBackbone: 1,
  extractFeatures: SEASONS,
  trainHead: 1,
  validateModel: 1,
  packageSubmission: 1,
};

describe('where a season comes from', () => {
  it('is the same in every catalog that has it there, and for every split', async () => {
    const mirror = join(folder, 'mirror');
    const text = await readFile(join(mirror, 'catalog.json'), 'utf8');
    const store = openStore(pathToFileURL(join(folder, 'catalogs/')).href);
    const sourcesIn = async (file: string, catalog: object, split: object = {}): Promise<Record<string, string>> => {
      await writeFile(join(mirror, file), JSON.stringify({ ...(JSON.parse(text) as object), ...catalog }));
      const input = runInputSchema.parse({ catalog: join(mirror, file), ...split });
      return (await steps.readCatalog.run({ store }, input, work)).ref.summary.sources;
    };
    const sources = await sourcesIn('one.json', {});
    const [first, second] = Object.keys(sources);
    const split = { trainSeasons: [second], validationSeasons: [first] };
    const { [first!]: ofFirst, [second!]: ofSecond } = sources;
    expect(await sourcesIn('other.json', { licence: 'Another.' }, split)).toEqual({
      [first!]: ofFirst,
      [second!]: ofSecond,
    });
    expect(ofFirst).not.toBe(ofSecond);
    const elsewhere = await sourcesIn('elsewhere.json', { mirrors: [{ name: 'there', url: 'file:///there/' }] });
    expect(elsewhere[first!]).not.toBe(ofFirst);
  });
});

describe('what there is of a run', () => {
  it('is nothing but the catalog at first, though it is known what the mirrors have', async () => {
    const store = openStore(pathToFileURL(join(folder, 'new/')).href);
    const input = runInputSchema.parse({ catalog: join(folder, 'mirror', 'catalog.json') });
    const { ref } = await steps.readCatalog.run({ store }, input, work);
    const run = await viewRun({ store }, { catalog: ref, input }, work);
    expect(await findAllMade(run)).toEqual(NOTHING_MADE);
    expect(run.seasons.map(({ archives }) => archives!.bytes > 0)).toEqual([true, true, true]);
  });

  it('is found without the steps being done', async () => {
    expect(counts(await madeIn(await madeStore('complete')))).toEqual(EVERYTHING);
  });

  it('is nothing behind a step that other options would do otherwise', async () => {
    const store = await madeStore('options');
    const { trainHead: _model, validateModel: _scores, packageSubmission: _zip, ...others } = EVERYTHING;
    expect(counts(await madeIn(store, { training: { head: 'tutorial', epochs: 3 } }))).toEqual(others);
    const { pickFrames: _pick, extractFeatures: _features, ...without } = others;
    expect(counts(await madeIn(store, { frames: { perSequence: 'all' } }))).toEqual(without);
  });

  it('is nothing behind what was lost', async () => {
    const store = await madeStore('lost');
    await store.remove((await madeIn(store)).indexSeason[0]!);
    expect(counts(await madeIn(store))).toEqual({
      downloadMetadata: SEASONS,
      downloadArchive: SEASONS,
      unzipSeason: SEASONS,
      indexSeason: SEASONS - 1,
      prepareBackbone: 1,
    });
  });

  it('is complete without the archives that frames were extracted from', async () => {
    const store = await madeStore('discarded');
    for (const archive of (await madeIn(store)).downloadArchive) await store.remove(archive);
    const { downloadArchive: _, ...others } = EVERYTHING;
    expect(counts(await madeIn(store))).toEqual(others);
    const run = { catalog, input: runInputSchema.parse({}) };
    expect((await tasks.planRun.run({ store }, run, work)).fetchBytes).toBe(0);
  });
});

describe('a step', () => {
  it('whose artifact is there gives it back', async () => {
    const store = await madeStore('again');
    const made = await madeIn(store);
    const archive = made.downloadArchive[0]!;
    expect(await steps.unzipSeason.run({ store }, { archive, frameSource: 'extracted' }, work)).toMatchObject({
      ref: { key: made.unzipSeason[0]!.key },
      reused: true,
    });
  });

  it('makes the same artifact when it is done anew', async () => {
    const store = await madeStore('anew');
    const { pickFrames, indexSeason: indexes } = await madeIn(store);
    const pick = pickFrames[0]!;
    const before = await store.manifest(pick);
    await store.remove(pick);
    const { frames, seed, model } = runInputSchema.parse({});
    const { ref, reused } = await steps.pickFrames.run({ store }, { catalog, indexes, frames, seed, model }, work);
    expect([ref.key, reused]).toEqual([pick.key, false]);
    expect((await store.manifest(ref)).files).toEqual(before.files);
  });
});

describe('forced steps', () => {
  it('lose what they made, and no others do', async () => {
    const store = await madeStore('forced');
    const request = { catalog, input: runInputSchema.parse({}), steps: ['train', 'validate', 'package'] as const };
    expect(await tasks.clearSteps.run({ store }, request, work)).toBe(3);
    const { trainHead: _model, validateModel: _scores, packageSubmission: _zip, ...others } = EVERYTHING;
    expect(counts(await madeIn(store))).toEqual(others);
    expect(await tasks.clearSteps.run({ store }, request, work)).toBe(0);
  });

  it('lose the features of other picks too: they would be taken over', async () => {
    const store = await madeStore('features');
    const there = (await store.list('features')).length;
    expect(there).toBeGreaterThan(SEASONS);
    const request = { catalog, input: runInputSchema.parse({}), steps: ['features'] as const };
    expect(await tasks.clearSteps.run({ store }, request, work)).toBe(there + 1);
    expect([await store.list('features'), await store.list('backbone')]).toEqual([[], []]);
    expect(await store.list('pick')).toHaveLength(2);
  });
});

describe('rates', () => {
  it('come from the artifacts of the store, of features those of the same backbone and input', async () => {
    const store = await madeStore('rates');
    const measured = ['download', 'features', 'index', 'package', 'pick', 'train', 'unzip', 'validate'];
    expect(Object.keys(await measureRates(store, modelOptionsSchema.parse({}))).sort()).toEqual(measured);
    for (const other of [{ backbone: 'nasnet-mobile' }, { input: { width: 224, height: 224 } }]) {
      const rates = await measureRates(store, modelOptionsSchema.parse(other));
      expect(Object.keys(rates).sort()).toEqual(measured.filter((step) => step !== 'features'));
    }
  });
});
