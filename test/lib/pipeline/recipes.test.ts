import type { ArtifactKind, ArtifactRef } from '../../../lib/contracts/artifact';
import { catalogSchema } from '../../../lib/contracts/catalog';
import { runInputSchema } from '../../../lib/contracts/runInput';
import type { BackboneSummary, FramesForm, FramesRef, FramesSummary } from '../../../lib/contracts/steps';
import * as recipes from '../../../lib/pipeline/recipes';
import { artifactId, type Recipe } from '../../../lib/store';

/**
 * The key of every recipe on fixed inputs, and on the run input that is valid when empty. A key that changes makes every
 * store begin anew: the change belongs in a review and in the changelog. Written anew by
 *
 *     npx jest test/lib/pipeline/recipes -u
 */
type RecipeName = Extract<keyof typeof recipes, `${string}Recipe`>;

const catalog = catalogSchema.parse({
  name: 'golden',
  mirrors: [{ name: 'one', url: 'https://one.example/' }],
  classes: ['empty', 'zebra'],
  classMapping: { quagga: 'zebra', human: null },
  seasons: ['S1', 'S2'].map((id) => ({
    id,
    archives: [`${id}.zip`],
    metadata: { format: 'coco-camera-traps', path: `${id}.json.zip` },
    frames: `unzipped/${id}`,
  })),
});
const season = catalog.seasons[0]!;
const input = runInputSchema.parse({});
const version = 'v'.repeat(64);
const picked = [{ fileName: 'S1/B04/B04_R1/one.JPG', crc32: 0xdeadbeef }];

function ref<S extends object>(kind: ArtifactKind, summary: S): ArtifactRef<S> {
  return { kind, key: kind.repeat(64).slice(0, 64), uri: `file:///artifacts/${kind}/`, bytes: 1, summary };
}

function frames(form: FramesForm): FramesRef {
  const summary: FramesSummary = {
    season: 'S1',
    form,
    entries: 1,
    frameBytes: 1,
    archiveBytes: 1,
    wireBytes: 0,
    rejected: 0,
  };
  return ref('frames', summary);
}

const backboneSummary: BackboneSummary = {
  backbone: 'efficientnet-lite0',
  featureWidth: 1280,
  pooling: 'average',
  weightsSha256: 'w'.repeat(64),
};
const archive = ref('archive', {});
const metadata = ref('metadata', { season: 'S1', files: [] });
const backbone = ref('backbone', backboneSummary);
// A recipe looks at the keys of these alone.
const index = ref('index', {}) as ArtifactRef<never>;
const pick = ref('pick', {}) as ArtifactRef<never>;
const model = ref('model', {}) as ArtifactRef<never>;
const validation = ref('validation', {}) as ArtifactRef<never>;

const examples: Readonly<Record<RecipeName, Readonly<Record<string, Recipe>>>> = {
  catalogRecipe: { seasons: recipes.catalogRecipe(catalog, ['S1'], ['S2']) },
  metadataRecipe: { version: recipes.metadataRecipe(season, version) },
  archiveRecipe: { version: recipes.archiveRecipe(season, version) },
  extractedFramesRecipe: { archive: recipes.extractedFramesRecipe(archive) },
  archivedFramesRecipe: { archive: recipes.archivedFramesRecipe(archive) },
  remoteFramesRecipe: { version: recipes.remoteFramesRecipe(season, version) },
  looseFramesRecipe: { folder: recipes.looseFramesRecipe(catalog, season, 'unzipped/S1') },
  fetchedFramesRecipe: { remote: recipes.fetchedFramesRecipe(backbone, pick, frames('remote'), 3, picked) },
  shrunkenFramesRecipe: { remote: recipes.shrunkenFramesRecipe(frames('extracted'), frames('remote')) },
  indexRecipe: {
    listed: recipes.indexRecipe(catalog, season, metadata, frames('extracted'), 'l'.repeat(64)),
    loose: recipes.indexRecipe(catalog, season, metadata, frames('loose'), undefined),
  },
  pickRecipe: { defaults: recipes.pickRecipe(catalog, [index], { train: ['S1'], validation: ['S2'] }, input) },
  backboneRecipe: {
    defaults: recipes.backboneRecipe(input.model, {
      weightsSha256: backboneSummary.weightsSha256,
      pooling: 'average',
      preprocessing: { width: 224, height: 224, channels: 'RGB', resize: 'stretch' },
    }),
  },
  featuresRecipe: {
    extracted: recipes.featuresRecipe(backbone, frames('extracted'), 3, picked),
    loose: recipes.featuresRecipe(backbone, frames('loose'), 3, picked),
  },
  modelRecipe: {
    defaults: recipes.modelRecipe(backbone, pick, input),
    fineTuned: recipes.modelRecipe(backbone, pick, runInputSchema.parse({ training: { fineTune: {} } })),
  },
  validationRecipe: { defaults: recipes.validationRecipe(model, pick, input.seed) },
  submissionRecipe: { plain: recipes.submissionRecipe(model, validation) },
  reportRecipe: { run: recipes.reportRecipe({ workflowId: 'run', runId: '00000000' }, validation) },
};

describe('recipes', () => {
  it('give the same keys as ever', () => {
    const keys = Object.entries(examples).flatMap(([name, cases]) =>
      Object.entries(cases).map(([which, recipe]) => [`${name} ${which}`, artifactId(recipe).key]),
    );
    expect(Object.fromEntries(keys)).toMatchSnapshot();
  });

  it('give each artifact a key of its own', () => {
    const keys = Object.values(examples).flatMap((cases) =>
      Object.values(cases).map((recipe) => artifactId(recipe).key),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
