import type { ArtifactKind, ArtifactRef } from '../../../../lib/contracts/artifact';
import { isToDo, type RunPlan } from '../../../../lib/contracts/plan';
import { runInputSchema, type RunRequest } from '../../../../lib/contracts/runInput';
import type { FeaturesSummary, IndexSummary, PickSummary, StepName } from '../../../../lib/contracts/steps';
import { estimate } from '../../../../lib/pipeline/plan/estimate';
import type { Rates } from '../../../../lib/pipeline/plan/rates';
import { NOTHING_MADE, type Made, type PublishedSeason } from '../../../../lib/pipeline/step';

const MEASURED: Rates = { download: 1e8, features: 50, train: 10_000 };

function ref<S extends object>(kind: ArtifactKind, summary: S): ArtifactRef<S> {
  return { kind, key: 'k'.repeat(64), uri: `file:///${kind}/`, bytes: 1, summary };
}

/** Seasons of 7,475,690 bytes of archive: ten frames of the usual size. */
const PUBLISHED = ['S1', 'S2'].map((id): PublishedSeason => ({
  id,
  season: { id, archives: [], metadata: { format: 'coco-camera-traps', path: `${id}.json` } },
  metadata: { bytes: 1000, recipes: [] },
  archives: { bytes: 7_475_690, recipes: [] },
}));

function index(id: string): ArtifactRef<IndexSummary> {
  return ref('index', {
    season: id,
    catalog: 'test',
    frames: 300,
    sequences: 100,
    sites: 5,
    empties: 80,
    framesNotInArchive: 0,
    filesNotInMetadata: 0,
    corruptFrames: 0,
    rejectedRows: 0,
    excludedSequences: 0,
  });
}

const IDS = PUBLISHED.map(({ id }) => id);

function features(season: string, frames: number): ArtifactRef<FeaturesSummary> {
  return ref('features', { season, shard: 0, frames, width: 1280, reused: 0, truncated: 0, unreadable: 0 });
}

const COMPLETE: Made = {
  ...NOTHING_MADE,
  downloadMetadata: IDS.map((season) => ref('metadata', { season, files: [] })),
  downloadArchive: IDS.map((season) => ref('archive', { season, files: [] })),
  unzipSeason: IDS.map((season) =>
    ref('frames', {
      season,
      form: 'extracted' as const,
      entries: 300,
      frameBytes: 1,
      archiveBytes: 7_475_690,
      wireBytes: 0,
      rejected: 0,
    }),
  ),
  indexSeason: IDS.map(index),
  pickFrames: [
    ref('pick', {
      trainSequences: 30,
      trainFrames: 30,
      validationSequences: 100,
      validationFrames: 100,
      keptEmpties: 0.1,
      sharedSites: 0,
      shards: [
        { season: 'S1', shards: 1, frames: 30 },
        { season: 'S2', shards: 1, frames: 100 },
      ],
    } satisfies PickSummary),
  ],
  prepareBackbone: [
    ref('backbone', {
      backbone: 'efficientnet-lite0' as const,
      featureWidth: 1280,
      pooling: 'average' as const,
      weightsSha256: '0',
      preprocessing: { width: 384, height: 384, channels: 'RGB' as const, fit: 'stretch' as const },
    }),
  ],
  extractFeatures: [features('S1', 30), features('S2', 100)],
  trainHead: [ref('model', { backbone: 'efficientnet-lite0', classes: 54, epochs: 30, trainFrames: 30, loss: 0.1 })],
  validateModel: [ref('validation', {} as never)],
  packageSubmission: [ref('submission', {} as never)],
};

function planOf(made: Made, request: RunRequest = {}, rates = MEASURED, seasons = PUBLISHED): RunPlan {
  const split = { trainSeasons: ['S1'], validationSeasons: ['S2'] };
  return estimate({ made, input: runInputSchema.parse(request), split, seasons }, rates);
}

function toDo(plan: RunPlan): StepName[] {
  return plan.steps.filter(isToDo).map(({ step }) => step);
}

function step(plan: RunPlan, name: StepName): RunPlan['steps'][number] {
  return plan.steps.find((planned) => planned.step === name)!;
}

describe('the plan of a run', () => {
  it('has nothing to do where everything is there', () => {
    const plan = planOf(COMPLETE);
    expect(toDo(plan)).toEqual([]);
    expect([plan.fetchBytes, plan.diskBytes, plan.seconds]).toEqual([0, 0, 0]);
  });

  it('has everything to do in an empty store, as large as it is published', () => {
    const plan = planOf(NOTHING_MADE);
    expect(toDo(plan)).toHaveLength(8);
    expect(plan.fetchBytes).toBe(2 * (7_475_690 + 1000));
    expect(plan.diskBytes).toBeGreaterThan(4 * 7_475_690);
  });

  it('says which times the store has no measure of', () => {
    expect(planOf(NOTHING_MADE, {}, {})).toMatchObject({ seconds: 0 });
    expect(planOf(NOTHING_MADE, {}, {}).unknownSeconds).toHaveLength(8);
    expect(planOf(NOTHING_MADE).unknownSeconds).not.toContain('download');
  });

  it('expects the frames that the options leave, once the seasons are indexed', () => {
    const indexed: Made = { ...COMPLETE, pickFrames: [], extractFeatures: [], trainHead: [] };
    expect(step(planOf(indexed), 'train').frames).toBe(40);
    expect(step(planOf(indexed, { frames: { keepEmpties: 0.1 } }), 'train').frames).toBe(28);
    expect(step(planOf(indexed, { frames: { keepEmpties: 1 } }), 'train').frames).toBe(100);
    expect(step(planOf(indexed, { frames: { maxTrain: 10 } }), 'train').frames).toBe(10);
    expect(step(planOf(indexed, { frames: { perSequence: 'all' } }), 'validate').frames).toBe(270);
  });

  it('counts the features that are there', () => {
    const half: Made = { ...COMPLETE, extractFeatures: [features('S1', 30)] };
    expect(step(planOf(half), 'features')).toMatchObject({ reused: 1, parts: 2, frames: 100, seconds: 2 });
  });

  it('fetches only the frames that are picked where a run wants it so', () => {
    const made = { ...NOTHING_MADE, indexSeason: IDS.map(index) };
    const atMirrors = PUBLISHED.map(({ archives: _, ...season }) => season);
    const plan = planOf(made, { frameSource: 'mirrors' }, MEASURED, atMirrors);
    expect(plan.fetchBytes).toBe(2000 + 140 * 747_569);
    expect(plan.steps.map(({ step: name }) => name)).not.toContain('unzip');
  });

  it('does forced steps anew, with all behind them', () => {
    expect(toDo(planOf(COMPLETE, { force: ['train'] }))).toEqual(['train', 'validate', 'package']);
    expect(toDo(planOf(COMPLETE, { force: ['validate', 'index'] }))).toEqual([
      'index',
      'pick',
      'features',
      'train',
      'validate',
      'package',
    ]);
    expect(planOf(COMPLETE, { force: ['download'] }).fetchBytes).toBe(planOf(NOTHING_MADE).fetchBytes);
  });
});
