import type { ArtifactId, Manifest } from '../contracts/artifact';
import type { RegisteredModel } from '../contracts/registry';
import type { ArtifactStore } from '../store';

/** Validations by which two models can be set beside each other. */
export interface CommonGround {
  readonly first: ArtifactId;
  readonly second: ArtifactId;
  /** Whether both are of the same pick, and so of the same held-out frames. */
  readonly sameFrames: boolean;
}

/** The latest pair of validations on the same frames; where there is none, those that the models were registered with. */
export async function commonGround(
  store: Pick<ArtifactStore, 'list'>,
  first: RegisteredModel,
  second: RegisteredModel,
): Promise<CommonGround> {
  const validations = await store.list('validation');
  const [ofFirst, ofSecond] = [first, second].map(({ artifacts }) =>
    validations.filter(({ inputs }) => inputs.some(({ key }) => key === artifacts.model.key)),
  );
  for (const one of ofFirst!) {
    const other = ofSecond!.find((candidate) => pickOf(candidate) === pickOf(one) && pickOf(one) !== undefined);
    if (other !== undefined) return { first: one, second: other, sameFrames: true };
  }
  return { first: first.artifacts.validation, second: second.artifacts.validation, sameFrames: false };
}

function pickOf({ inputs }: Manifest): string | undefined {
  return inputs.find(({ kind }) => kind === 'pick')?.key;
}
