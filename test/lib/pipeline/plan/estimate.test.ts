import type { ArtifactKind, ArtifactRef } from '../../../../lib/contracts/artifact';
import { isToDo, type RunPlan } from '../../../../lib/contracts/plan';
import { runInputSchema, type RunRequest } from '../../../../lib/contracts/runInput';
import type { IndexSummary, PickSummary, StepName } from '../../../../lib/contracts/steps';
import { estimate } from '../../../../lib/pipeline/plan/estimate';
import type { FoundSeason, Made } from '../../../../lib/pipeline/plan/made';
import type { Rates } from '../../../../lib/pipeline/plan/rates';

const NOTHING_MEASURED: Rates = {
  downloadBytes: undefined,
  unzipBytes: undefined,
  indexFrames: undefined,
  pickFrames: undefined,
  featureFrames: undefined,
  trainFrameEpochs: undefined,
  validateFrames: undefined,
  packages: undefined,
};

const MEASURED: Rates = { ...NOTHING_MEASURED, downloadBytes: 1e8, featureFrames: 50, trainFrameEpochs: 10_000 };

function ref<S extends object>(kind: ArtifactKind, summary: S): ArtifactRef<S> {
  return { kind, key: 'k'.repeat(64), uri: `file:///${kind}/`, bytes: 1, summary };
}

/** A season of 7,475,690 bytes of archive: ten frames of the usual size. */
function season(id: string, found: Partial<FoundSeason> = {}): FoundSeason {
  return { id, metadataBytes: 1000, archiveBytes: 7_475_690, downloads: true, ...found };
}

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

const COMPLETE: Made = {
  seasons: ['S1', 'S2'].map((id) =>
    season(id, {
      metadata: ref('metadata', { season: id, files: [] }),
      archive: ref('archive', {}),
      frames: ref('frames', {
        season: id,
        form: 'extracted' as const,
        entries: 300,
        frameBytes: 1,
        archiveBytes: 7_475_690,
        wireBytes: 0,
        rejected: 0,
      }),
      index: index(id),
    }),
  ),
  pick: ref('pick', {
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
  backbone: ref('backbone', {
    backbone: 'efficientnet-lite0' as const,
    featureWidth: 1280,
    pooling: 'average' as const,
    weightsSha256: '0',
  }),
  features: new Map([
    ['S1', [ref('features', { frames: 30 })]],
    ['S2', [ref('features', { frames: 100 })]],
  ]),
  model: ref('model', { backbone: 'efficientnet-lite0', classes: 54, epochs: 30, trainFrames: 30, loss: 0.1 }),
  validation: ref('validation', {} as never),
  submission: ref('submission', {}),
};

const EMPTY: Made = { seasons: [season('S1'), season('S2')], features: new Map() };

function planOf(made: Made, request: RunRequest = {}, rates: Rates = MEASURED): RunPlan {
  const seasons = { trainSeasons: ['S1'], validationSeasons: ['S2'] };
  return estimate({ made, rates, input: runInputSchema.parse(request), seasons });
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
    const plan = planOf(EMPTY);
    expect(toDo(plan)).toHaveLength(8);
    expect(plan.fetchBytes).toBe(2 * (7_475_690 + 1000));
    expect(plan.diskBytes).toBeGreaterThan(4 * 7_475_690);
  });

  it('says which times the store has no measure of', () => {
    expect(planOf(EMPTY, {}, NOTHING_MEASURED)).toMatchObject({ seconds: 0 });
    expect(planOf(EMPTY, {}, NOTHING_MEASURED).unknownSeconds).toHaveLength(8);
    expect(planOf(EMPTY).unknownSeconds).not.toContain('download');
  });

  it('expects the frames that the options leave, once the seasons are indexed', () => {
    const indexed: Made = { ...COMPLETE, pick: undefined, features: new Map(), model: undefined };
    expect(step(planOf(indexed), 'train').frames).toBe(28);
    expect(step(planOf(indexed, { frames: { keepEmpties: 1 } }), 'train').frames).toBe(100);
    expect(step(planOf(indexed, { frames: { maxTrain: 10 } }), 'train').frames).toBe(10);
    expect(step(planOf(indexed, { frames: { perSequence: 'all' } }), 'validate').frames).toBe(270);
  });

  it('counts the features that are there', () => {
    const half: Made = { ...COMPLETE, features: new Map([['S1', [ref('features', { frames: 30 })]]]) };
    expect(step(planOf(half), 'features')).toMatchObject({ reused: 1, parts: 2, frames: 100, seconds: 2 });
  });

  it('fetches only the frames that are picked where a run wants it so', () => {
    const plan = planOf(
      {
        ...EMPTY,
        seasons: EMPTY.seasons.map((one) => ({ ...one, archiveBytes: 0, downloads: false, index: index(one.id) })),
      },
      { acquire: 'frames' },
    );
    expect(plan.fetchBytes).toBe(2000 + 128 * 747_569);
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
    expect(planOf(COMPLETE, { force: ['download'] }).fetchBytes).toBe(planOf(EMPTY).fetchBytes);
  });
});
