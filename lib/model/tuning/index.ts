export { fineTune, type FineTuneInput } from './fineTune';
