import type { WorkOptions } from '../../contracts/progress';
import type { Manifest } from '../../contracts/artifact';
import { MANIFEST, parseManifest } from '../manifest';
import type { Abandoned } from '../store';
import type { Bucket, ListedObject } from './bucket';
import { ARTIFACTS, objectName } from './layout';
import { abortUpload } from './partUpload';
import { listUploads } from './uploads';

/** Removes uploads that began, and files without a manifest that were written, before a time. */
export async function removeAbandoned(bucket: Bucket, before: Date, work: WorkOptions): Promise<Abandoned> {
  const uploads = await abortUploads(bucket, before, work);
  let files = 0;
  let bytes = 0;
  for await (const [folder, listed] of objectsByArtifact(bucket, work.signal)) {
    const old = listed.filter(({ changedAt }) => changedAt < before);
    if (old.length === 0) continue;
    const unlisted = await unlistedObjects(bucket, folder, old, work.signal);
    await bucket.remove(
      unlisted.map(({ name }) => name),
      work.signal,
    );
    files += unlisted.length;
    bytes += unlisted.reduce((sum, object) => sum + object.bytes, 0);
    work.onProgress?.({ done: bytes, unit: 'bytes', note: folder });
  }
  return { uploads, files, bytes };
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

async function unlistedObjects(
  bucket: Bucket,
  folder: string,
  objects: readonly ListedObject[],
  signal: AbortSignal | undefined,
): Promise<ListedObject[]> {
  const name = `${folder}/${MANIFEST}`;
  const content = await bucket.read(name, signal);
  const listed = new Set([name]);
  if (content !== undefined) {
    const manifest = parseManifest<Manifest['summary']>(content.toString('utf8'), bucket.uriOf(name));
    for (const file of manifest.files) listed.add(objectName(manifest, file));
  }
  return objects.filter((object) => !listed.has(object.name));
}
