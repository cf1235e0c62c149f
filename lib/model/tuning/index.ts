export { fineTune, TUNED_FILE, type FineTuned, type FineTuneInput } from './fineTune';
export type { ReadPhotograph } from './photographs';
