export { readHead, writeHead, type Head } from './head';
export { HEAD_FILE, trainHead, type TrainedHead, type TrainInput, type TrainWork } from './train';
