import type { WorkOptions } from '../../contracts/progress';
import type { ArtifactId, Manifest } from '../../contracts/artifact';
import { MANIFEST } from '../manifest';
import type { Abandoned } from '../store';
import type { Bucket, ListedObject } from './bucket';
import { artifactIn, ARTIFACTS, FAMILIES, objectName } from './layout';
import { abortUpload } from './partUpload';
import { listUploads } from './uploads';

/**
 * Removes uploads that began, and files without a manifest that were written, before a time.
 *
 * @param manifestOf - `undefined` where the artifact is not there
 */
export async function removeAbandoned(
  bucket: Bucket,
  before: Date,
  manifestOf: (id: ArtifactId) => Promise<Manifest | undefined>,
  work: WorkOptions,
): Promise<Abandoned> {
  const uploads = await abortUploads(bucket, before, work);
  let files = 0;
  let bytes = 0;
  const made = new Set<string>();
  for await (const [folder, listed] of objectsByArtifact(bucket, work.signal)) {
    if (listed.some(({ name }) => name === `${folder}/${MANIFEST}`)) made.add(artifactIn(folder).key);
    const old = listed.filter(({ changedAt }) => changedAt < before);
    if (old.length === 0) continue;
    const unlisted = unlistedObjects(folder, old, await manifestOf(artifactIn(folder)));
    await bucket.remove(
      unlisted.map(({ name }) => name),
      work.signal,
    );
    files += unlisted.length;
    bytes += unlisted.reduce((sum, object) => sum + object.bytes, 0);
    work.onProgress?.({ done: bytes, unit: 'bytes', note: folder });
  }
  await removeMembers(bucket, before, made, work.signal);
  return { uploads, files, bytes };
}

/** Names in families whose artifacts are not there. */
async function removeMembers(
  bucket: Bucket,
  before: Date,
  made: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stale: string[] = [];
  for await (const { name, changedAt } of bucket.list(FAMILIES, signal)) {
    if (changedAt < before && !made.has(name.slice(name.lastIndexOf('/') + 1))) stale.push(name);
  }
  await bucket.remove(stale, signal);
}

async function abortUploads(bucket: Bucket, before: Date, { signal }: WorkOptions): Promise<number> {
  let aborted = 0;
  for await (const upload of listUploads(bucket, ARTIFACTS, signal)) {
    if (upload.Initiated === undefined || upload.Initiated >= before) continue;
    await abortUpload(bucket, upload);
    aborted++;
  }
  return aborted;
}

/** The listing comes in the names' order, an artifact's objects one after the other. */
async function* objectsByArtifact(
  bucket: Bucket,
  signal: AbortSignal | undefined,
): AsyncGenerator<[folder: string, objects: ListedObject[]]> {
  let folder = '';
  let objects: ListedObject[] = [];
  for await (const object of bucket.list(ARTIFACTS, signal)) {
    const own = object.name.split('/').slice(0, 3).join('/');
    if (own !== folder && objects.length > 0) yield [folder, objects];
    if (own !== folder) objects = [];
    folder = own;
    objects.push(object);
  }
  if (objects.length > 0) yield [folder, objects];
}

function unlistedObjects(
  folder: string,
  objects: readonly ListedObject[],
  manifest: Manifest | undefined,
): ListedObject[] {
  const files = manifest?.files.map((file) => objectName(manifest, file)) ?? [];
  const listed = new Set([`${folder}/${MANIFEST}`, ...files]);
  return objects.filter(({ name }) => !listed.has(name));
}
