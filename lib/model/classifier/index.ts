export { assembleModel, CARD_FILE, FEATURE_MODEL_FOLDER } from './assemble';
export { classFrequencies, createModelCard, modelCardSchema, type ModelCardFacts } from './card';
export { loadModel, readModelCard, type Classifier } from './classifier';
