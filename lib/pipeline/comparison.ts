import type { RegisteredModel } from '../contracts/registry';
import type { ValidationResult } from '../contracts/validation';
import { commonGround, differenceOf } from '../registry';
import type { ModelComparison } from '../report';
import type { ArtifactStore } from '../store';
import { readJson } from './artifacts';

/** Two registered models beside each other: on the same held-out frames where both were scored there. */
export async function compareRegistered(
  store: ArtifactStore,
  first: RegisteredModel,
  second: RegisteredModel,
): Promise<ModelComparison> {
  const ground = await commonGround(store, first, second);
  return {
    first: { model: first, result: await readJson<ValidationResult>(store, ground.first, 'validation.json') },
    second: { model: second, result: await readJson<ValidationResult>(store, ground.second, 'validation.json') },
    ...(ground.sameFrames && { difference: await differenceOf(store, ground.first, ground.second) }),
  };
}
