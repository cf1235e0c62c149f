import type { ArtifactKind, ArtifactRef } from '../../../lib/contracts/artifact';
import { catalogSchema } from '../../../lib/contracts/catalog';
import { runInputSchema } from '../../../lib/contracts/runInput';
import type { BackboneSummary, FramesForm, FramesRef, FramesSummary } from '../../../lib/contracts/steps';
import { steps } from '../../../lib/pipeline/steps';
import { artifactId, type Recipe } from '../../../lib/store';

/**
 * The key of every recipe on fixed inputs, and on the run input that is valid when empty. A key that changes makes every
 * store begin anew: the change belongs in a review and in the changelog. Written anew by
 *
 *     npx jest test/lib/pipeline/recipes -u
 */
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
const cropped = runInputSchema.parse({ model: { crop: 'detections' } });
const version = 'v'.repeat(64);
const picked = [{ fileName: 'S1/B04/B04_R1/one.JPG', crc32: 0xdeadbeef }];
const looks = [{ ...picked[0]!, box: [0.1, 0.2, 0.3, 0.4] as const }];

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

const backboneFacts = {
  weightsSha256: 'w'.repeat(64),
  pooling: 'average',
  preprocessing: { width: 384, height: 384, channels: 'RGB', fit: 'stretch' },
} as const;
const backboneSummary: BackboneSummary = { backbone: 'efficientnet-lite0', featureWidth: 1280, ...backboneFacts };
const archive = ref('archive', {});
const metadata = ref('metadata', { season: 'S1', files: [] });
const backbone = ref('backbone', backboneSummary);
// A recipe looks at the keys of these alone.
const index = ref('index', {}) as ArtifactRef<never>;
const pick = ref('pick', {}) as ArtifactRef<never>;
const model = ref('model', {}) as ArtifactRef<never>;
const validation = ref('validation', {}) as ArtifactRef<never>;

const examples: Readonly<Record<keyof typeof steps, Readonly<Record<string, Recipe>>>> = {
  readCatalog: { seasons: steps.readCatalog.recipe(catalog, ['S1'], ['S2']) },
  downloadMetadata: { version: steps.downloadMetadata.recipe(season, version) },
  downloadArchive: { version: steps.downloadArchive.recipe(season, version) },
  unzipSeason: {
    extracted: steps.unzipSeason.recipe(archive, 'extracted'),
    archived: steps.unzipSeason.recipe(archive, 'archived'),
  },
  listArchives: {
    remote: steps.listArchives.recipe(season, { version }),
    loose: steps.listArchives.recipe(season, { folder: 'unzipped/S1', addresses: ['https://one.example/'] }),
  },
  fetchFrames: { remote: steps.fetchFrames.recipe(backbone, pick, frames('remote'), 3, picked) },
  shrinkFrames: { remote: steps.shrinkFrames.recipe(frames('extracted'), frames('remote')) },
  indexSeason: {
    listed: steps.indexSeason.recipe(catalog, season, metadata, frames('extracted'), 'l'.repeat(64)),
    loose: steps.indexSeason.recipe(catalog, season, metadata, frames('loose'), undefined),
  },
  pickFrames: {
    defaults: steps.pickFrames.recipe(catalog, [index], { trainSeasons: ['S1'], validationSeasons: ['S2'] }, input),
    crops: steps.pickFrames.recipe(catalog, [index], { trainSeasons: ['S1'], validationSeasons: ['S2'] }, cropped),
  },
  prepareBackbone: {
    defaults: steps.prepareBackbone.recipe(input.model, backboneFacts),
  },
  extractFeatures: {
    extracted: steps.extractFeatures.recipe(backbone, frames('extracted'), 3, picked),
    loose: steps.extractFeatures.recipe(backbone, frames('loose'), 3, picked),
    crops: steps.extractFeatures.recipe(backbone, frames('extracted'), 3, looks),
  },
  trainHead: {
    defaults: steps.trainHead.recipe(backbone, pick, input),
    fineTuned: steps.trainHead.recipe(backbone, pick, runInputSchema.parse({ training: { fineTune: {} } })),
  },
  validateModel: { defaults: steps.validateModel.recipe(model, pick) },
  packageSubmission: { plain: steps.packageSubmission.recipe(model, validation) },
  writeReport: { run: steps.writeReport.recipe({ workflowId: 'run', runId: '00000000' }, validation) },
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
