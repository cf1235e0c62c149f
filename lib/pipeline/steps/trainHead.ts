import type { WorkOptions } from '../../contracts/progress';
import type { Outcome } from '../../contracts/run';
import { descentOptionsOf, type RunInput } from '../../contracts/runInput';
import type { BackboneRef, CatalogRef, FramesRef, ModelRef, ModelSummary, PickRef } from '../../contracts/steps';
import { readPickCounts, readPickedFrames } from '../../metadata';
import { assembleModel, backbones, createModelCard, fineTune, locateWeights, trainHead } from '../../model';
import { readWeights } from '../../model/weights';
import { produce, type Recipe } from '../../store';
import { productVersions } from '../../store/versions';
import { readCatalogArtifact } from '../artifacts';
import { withOriginalFrames } from '../originalFrames';
import { lookedAt } from '../plan/expected';
import { findMade, step } from '../step';
import { featureFolders } from './extractFeatures';

function recipe(backbone: BackboneRef, pick: PickRef, { training, seed }: Pick<RunInput, 'training' | 'seed'>): Recipe {
  return { kind: 'model', step: 'trainHead', version: 4, params: { training, seed }, inputs: [backbone, pick] };
}

export interface TrainHeadInput extends Pick<RunInput, 'model' | 'training' | 'seed'> {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly pick: PickRef;
  /** Of the training seasons. */
  readonly frames: readonly FramesRef[];
  readonly perSequence: RunInput['frames']['perSequence'];
}

/**
 * Trains the head on the features of the training seasons, then the backbone's last cells with it where that was asked
 * for, and joins both into one model. The head before fine-tuning stays beside it in `frozen/`.
 */
export const trainHeadStep = step({
  name: 'trainHead',
  kind: 'model',
  recipe,
  async run({ store }, input: TrainHeadInput, work): Promise<Outcome<ModelRef>> {
    const { backbone: backboneRef, pick, frames, training, seed } = input;
    const catalog = await readCatalogArtifact({ store }, input.catalog);
    const { classes, emptyClass } = catalog;
    const { trainSeasons } = input.catalog.summary;
    return await produce<ModelSummary>(store, {
      recipe: recipe(backboneRef, pick, input),
      work: async (draft) => {
        const backbone = backbones[backboneRef.summary.backbone];
        const { pooling, preprocessing } = backboneRef.summary;
        const pickFolder = (await store.open(pick)).path('.');
        const weights = await locateWeights(backbone, { file: input.model.weights }, { signal: work.signal });
        const counts = await readPickCounts(pickFolder);
        const card = createModelCard({
          backbone: backbone.name,
          weightsSha256: weights.sha256,
          featureWidth: backbone.featureWidth,
          preprocessing,
          classes,
          emptyClass,
          framesPerSequence: input.perSequence,
          counts,
          trainSeasons,
          training,
          seed,
          version: productVersions().serengeti!,
        });
        const learned = {
          features: await featureFolders(store, { backbone: backboneRef, pick, frames }),
          frames: await readPickedFrames(pickFolder, { split: 'train' }),
          classes,
          options: training,
          scoring: { ...card, kept: counts.samplingRates },
          seed,
        };
        const { fineTune: tuning } = training;
        const trained = await trainHead(
          { ...learned, directory: draft.path(tuning === undefined ? '.' : 'frozen') },
          { ...work, onProgress: expecting(tuning?.epochs ?? 0, work) },
        );
        const tuned =
          tuning &&
          (await withOriginalFrames({ store, catalog, frames }, work, async (readFrame) =>
            fineTune(
              {
                ...learned,
                trained,
                fineTune: tuning,
                backbone,
                parameters: backbone.parameters(await readWeights(weights.path)),
                pooling,
                preprocessing,
                readFrame,
                directory: draft.path('.'),
              },
              work,
            ),
          ));
        const { head, history, calibration, loss } = tuned ?? trained;
        await assembleModel({
          card: { ...card, ...(tuned && { tunedStages: tuned.stageNames }), ...(calibration && { calibration }) },
          head,
          weightsPath: weights.path,
          ...(tuned && { tuned: tuned.parameters }),
          pooling,
          directory: draft.path('.'),
        });
        return {
          backbone: backbone.name,
          classes: classes.length,
          epochs: history.length,
          trainFrames: trained.trainFrames,
          loss,
        };
      },
    });
  },
  async find({ store, input }, { prepareBackbone: [backbone], pickFrames: [pick] }) {
    return backbone && pick ? await findMade<ModelSummary>(store, recipe(backbone, pick, input)) : [];
  },
  estimate(run) {
    const { train: frames } = lookedAt(run);
    return { reused: run.made.trainHead.length, parts: 1, frames, work: frames * epochsOf(run.input.training) };
  },
  measure: ({ summary }) => Number(summary.trainFrames) * Number(summary.epochs),
});

/** Passes that a fitted head takes as a rule once its penalty is chosen; the rates count the choice among them. */
const FITTED_EPOCHS = 40;

function epochsOf(training: RunInput['training']): number {
  return training.head === 'fitted' ? FITTED_EPOCHS : descentOptionsOf(training).epochs;
}

/** Progress of a training that more epochs follow. */
function expecting(more: number, { onProgress }: WorkOptions): WorkOptions['onProgress'] {
  return ({ total, ...progress }) => onProgress?.({ ...progress, ...(total !== undefined && { total: total + more }) });
}
