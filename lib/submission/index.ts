export { packageSubmission, type SubmissionOptions } from './package';
export { modelCardText, type DataFacts, type ModelCardFacts } from './modelCard';
