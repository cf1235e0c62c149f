export { attribute } from './attributes';
export { GraphBuilder } from './graphBuilder';
export type { GraphTensor } from './graphBuilder';
export { GraphLayers } from './graphLayers';
export type { Activation, ConvolutionOptions, Layers, Margins, Padding, Parameter, Parameters } from './layers';
export type { PoolingOptions } from './layers';
export { encodeSavedModel, SERVING_SIGNATURE, SERVING_TAG, writeSavedModel } from './savedModel';
export type { Signature } from './savedModel';
export { TensorLayers } from './tensorLayers';
