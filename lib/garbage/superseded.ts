import type { ArtifactId, Manifest } from '../contracts/artifact';

/**
 * What was made of artifacts that are of no other use: of frames fetched for a shard its features, of archives the frames
 * that were extracted, every one of them sound. Both could only be read again to make the same anew.
 *
 * @returns what was made, by the key of what it was made of
 */
export function supersedersOf(manifests: readonly Manifest[]): ReadonlyMap<string, ArtifactId> {
  const superseders = new Map<string, ArtifactId>();
  const fetched = new Set(manifests.filter(({ step }) => step === 'fetchFrames').map(({ key }) => key));
  for (const features of manifests.filter(({ kind }) => kind === 'features')) {
    for (const { key } of features.sources ?? []) if (fetched.has(key)) superseders.set(key, idOf(features));
  }
  const frames = manifests.filter(({ kind }) => kind === 'frames');
  for (const extracted of frames.filter(({ summary }) => summary.form === 'extracted' && summary.rejected === 0)) {
    for (const { key } of extracted.inputs) superseders.set(key, idOf(extracted));
  }
  // Frames that are read in place lie in their archives.
  for (const { inputs } of frames.filter(({ summary }) => summary.form === 'archived')) {
    for (const { key } of inputs) superseders.delete(key);
  }
  return superseders;
}

function idOf({ kind, key }: ArtifactId): ArtifactId {
  return { kind, key };
}
