export * from './backbones';
export * from './classifier';
export * from './features';
export * from './head';
export * from './metrics';
export * from './predict';
export * from './tuning';
export { runtimeInfo } from './runtime';
