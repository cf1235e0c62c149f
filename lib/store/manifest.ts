import type { ArtifactFile, ArtifactId, ArtifactRef, Manifest } from '../contracts/artifact';
import { SerengetiError } from '../contracts/errors';
import { digestOf } from './key';
import type { CommitRecord } from './store';
import { productVersions } from './versions';

/** Name of the file that makes a folder an artifact. */
export const MANIFEST = 'manifest.json';

/**
 * The commit record of an artifact.
 *
 * @param files - all of them that are listed
 * @param inventoriedBytes - size of those that another file lists
 */
export function createManifest<S extends object>(
  id: ArtifactId,
  record: CommitRecord<S>,
  files: readonly ArtifactFile[],
  inventoriedBytes = 0,
): Manifest<S> {
  const { step, version, params, inputs, sources, family, summary, seconds } = record;
  const facts = {
    kind: id.kind,
    key: id.key,
    ...{ step, version, params, summary, seconds },
    inputs: idsOf(inputs),
    ...(sources === undefined ? {} : { sources: idsOf(sources) }),
    ...(family === undefined ? {} : { family }),
    files,
    bytes: files.reduce((sum, file) => sum + file.bytes, inventoriedBytes),
    createdAt: new Date().toISOString(),
    versions: productVersions(),
  };
  return { ...facts, digest: digestOf(facts) };
}

/** References carry more. */
function idsOf(artifacts: readonly ArtifactId[]): ArtifactId[] {
  return artifacts.map(({ kind, key }) => ({ kind, key }));
}

export function manifestText(manifest: Manifest<unknown>): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/**
 * @param place - path or address, for the message
 * @param id - of the artifact that it should be the manifest of, where that is known
 * @throws SerengetiError ARTIFACT_CORRUPT
 */
export function parseManifest<S>(text: string, place: string, id?: ArtifactId): Manifest<S> {
  const damaged = (problem: string, cause?: unknown): SerengetiError =>
    new SerengetiError('ARTIFACT_CORRUPT', `The manifest ${place} ${problem}`, { cause, details: { path: place } });
  let manifest: Manifest<S>;
  try {
    manifest = Object(JSON.parse(text)) as Manifest<S>;
  } catch (error) {
    throw damaged(`is not JSON: ${(error as Error).message}`, error);
  }
  const { digest, ...facts } = manifest;
  if (digestOf(facts) !== digest || manifestText(manifest) !== text)
    throw damaged('is not the one that was written: its digest is another');
  const { kind, key } = facts;
  if (id !== undefined && (id.key !== key || id.kind !== kind)) throw damaged(`is of the ${kind} artifact ${key}`);
  return manifest;
}

export function referenceTo<S>({ kind, key, bytes, summary }: Manifest<S>, uri: string): ArtifactRef<S> {
  return { kind, key, uri, bytes, summary };
}

export function newestFirst(manifests: Manifest[]): Manifest[] {
  return manifests.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}
