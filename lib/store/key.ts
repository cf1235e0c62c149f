import { createHash } from 'node:crypto';
import type { ArtifactId, ArtifactKind } from '../contracts/artifact';

/** What a step's result depends on, and nothing else: two runs that agree on it share the artifact. */
export interface Recipe {
  readonly kind: ArtifactKind;
  readonly step: string;
  /** Version of the step's meaning: raised when the same inputs would give another result. */
  readonly version: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: readonly ArtifactId[];
}

/** The artifact's name: SHA-256 over the recipe in canonical JSON. */
export function artifactId(recipe: Recipe): ArtifactId {
  const inputs = recipe.inputs.map(({ kind, key }) => ({ kind, key }));
  return {
    kind: recipe.kind,
    key: digestOf({ step: recipe.step, version: recipe.version, params: recipe.params, inputs }),
  };
}

/** SHA-256 of a value's canonical JSON, in hexadecimal. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON with sorted keys and without absent values, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, node: unknown) =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : node,
  );
}
