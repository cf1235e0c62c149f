import type { BackboneName } from '../../contracts/backbone';
import type { Backbone } from './backbone';
import { efficientNetLite0 } from './efficientNetLite0';
import { nasNetMobile } from './nasNetMobile';

/** Every backbone, by its name in the run input. */
export const backbones: Readonly<Record<BackboneName, Backbone>> = {
  'efficientnet-lite0': efficientNetLite0,
  'nasnet-mobile': nasNetMobile,
};

export { buildBackbone, runStages } from './backbone';
export type { Backbone, Pooling, Stage, State, WeightsSource } from './backbone';
export { locateWeights } from './locateWeights';
export type { LocatedWeights, WeightsPlace } from './locateWeights';
export { FEATURES_OUTPUT, FEATURES_SIGNATURE_NAME, HEAD_SIGNATURE_NAME } from './models';
export { IMAGES_INPUT, PROBABILITIES_OUTPUT, TRUNK_OUTPUTS, UNCORRECTED_SIGNATURE_NAME } from './models';
export { writeClassifierModel, writeFeatureModel, writeTrunkModel } from './models';
export type { ClassifierHead, HeadLayer } from './models';
