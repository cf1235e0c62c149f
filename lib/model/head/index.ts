export { readHead, writeHead, type DenseLayer, type Head } from './head';
export { trainHead, type TrainedHead, type TrainInput, type TrainWork } from './train';
