export { assembleModel, CARD_FILE, type ModelParts } from './assemble';
export { classFrequencies, createModelCard, modelCardSchema, type ModelCardFacts } from './card';
export { loadModel, readModelCard, type Classifier } from './classifier';
