export * from './backbones';
export * from './features';
export * from './head';
export { runtimeInfo } from './runtime';
