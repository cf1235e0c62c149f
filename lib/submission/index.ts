export { packageSubmission, type SubmissionOptions } from './package';
export { checkSubmission, checkedText, type CheckOptions } from './check';
export { type SampleFrame, type SampleSequence } from './sample';
export { modelCardText, type DataFacts, type ModelCardFacts } from './modelCard';
