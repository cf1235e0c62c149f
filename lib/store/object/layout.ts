import type { ArtifactFile, ArtifactId, Manifest } from '../../contracts/artifact';
import { digestOf } from '../key';
import { MANIFEST } from '../manifest';

/**
 * Where things lie in a bucket:
 *
 *     artifacts/<kind>/<key>/manifest.json        with it the artifact exists
 *     artifacts/<kind>/<key>/<content>/<name>     its files
 *     artifacts/<kind>/<key>/source/<name>        those that are not digested, because the recipe says what they hold
 *     families/<kind>/<family>/<key>              artifacts that are looked up together, found by one listing
 *     damaged/<kind>/<key>/<time>.json            manifests of artifacts whose files turned out to be other than they say
 *     journals/<name>/<position>                  lists that only grow
 *
 * `<content>` is a digest of the files' names and digests. So no object is ever written with other bytes than it had:
 * workers that make the same files write the same objects, and one whose files differ (a time in them, say) writes
 * beside the others and cannot spoil the artifact whose manifest came first.
 */
export const ARTIFACTS = 'artifacts/';
export const FAMILIES = 'families/';

const UNDIGESTED = 'source';
const CONTENT_DIGITS = 16;

export function kindFolder(kind: ArtifactId['kind']): string {
  return `${ARTIFACTS}${kind}/`;
}

export function artifactFolder({ kind, key }: ArtifactId): string {
  return `${kindFolder(kind)}${key}/`;
}

/** The artifact whose folder, without its last slash, this is. */
export function artifactIn(folder: string): ArtifactId {
  const [kind = '', key = ''] = folder.slice(ARTIFACTS.length).split('/');
  return { kind: kind as ArtifactId['kind'], key };
}

export function manifestName(id: ArtifactId): string {
  return `${artifactFolder(id)}${MANIFEST}`;
}

/** Written before the manifest: one whose artifact is not there means nothing. */
export function memberName({ kind, key }: ArtifactId, family: string): string {
  return `${familyFolder(kind, family)}${key}`;
}

export function familyFolder(kind: ArtifactId['kind'], family: string): string {
  return `${FAMILIES}${kind}/${family}/`;
}

export function damagedName({ kind, key }: ArtifactId, time: Date): string {
  return `damaged/${kind}/${key}/${time.toISOString()}.json`;
}

/** Names what an artifact holds: equal for equal files. */
export function contentOf(files: readonly ArtifactFile[]): string {
  const digested = files.filter(({ sha256 }) => sha256 !== undefined).map(({ name, sha256 }) => [name, sha256]);
  return digested.length === 0 ? UNDIGESTED : digestOf(digested.sort()).slice(0, CONTENT_DIGITS);
}

/** Folder of the digested files; of the others where there are no digested ones. */
export function contentFolder(artifact: Pick<Manifest<unknown>, 'kind' | 'key' | 'files'>): string {
  return `${artifactFolder(artifact)}${contentOf(artifact.files)}/`;
}

export function objectName(artifact: Pick<Manifest<unknown>, 'kind' | 'key' | 'files'>, file: ArtifactFile): string {
  return file.sha256 === undefined ? undigestedName(artifact, file.name) : `${contentFolder(artifact)}${file.name}`;
}

export function undigestedName(id: ArtifactId, name: string): string {
  return `${artifactFolder(id)}${UNDIGESTED}/${name}`;
}
