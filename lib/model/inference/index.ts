export { expectFinite } from './finite';
export { ImageModel } from './imageModel';
export { FEATURES_SIGNATURE, type NetworkForm } from './network';
