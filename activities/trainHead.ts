import type { Outcome } from '../lib/contracts/run';
import type { RunInput } from '../lib/contracts/runInput';
import type { BackboneRef, CatalogRef, FramesRef, ModelRef, ModelSummary, PickRef } from '../lib/contracts/steps';
import { readPickCounts, streamPickedFrames } from '../lib/metadata';
import { assembleModel, backbones, locateWeights, trainHead } from '../lib/model';
import { produce } from '../lib/store';
import { readCatalogArtifact } from './artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { featureFolders } from './features';
import { preprocessingOf } from './prepareBackbone';
import { modelRecipe } from './recipes';

export interface TrainHeadInput extends Pick<RunInput, 'model' | 'training' | 'seed'> {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly pick: PickRef;
  /** Of the training seasons. */
  readonly frames: readonly FramesRef[];
  readonly perSequence: RunInput['frames']['perSequence'];
}
