import { join } from 'node:path';
import type { ArtifactFile, ArtifactId, ArtifactRef, Manifest } from '../../contracts/artifact';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import { describeFiles, type Description } from '../description';
import type { DraftFolder } from '../draftFolder';
import { createManifest, MANIFEST, manifestText, referenceTo } from '../manifest';
import type { CommitRecord, Draft, PartSink } from '../store';
import type { Bucket } from './bucket';
import type { ArtifactCache } from './cache';
import { contentFolder, manifestName, objectName, undigestedName } from './layout';
import { PartUpload } from './partUpload';
import { FileReplaced, uploadFile } from './upload';

const FILES_AT_ONCE = 4;

/**
 * A draft of an artifact in a bucket: a folder on this host, uploaded when it is committed. A worker that is killed
 * leaves it to the next one on the same host; a host that is lost takes along at most this one step's unfinished work.
 * Files that are too large for that are sent to the bucket as they come, and any host goes on with them.
 */
export class ObjectDraft implements Draft {
  readonly id: ArtifactId;
  readonly #folder: DraftFolder;
  readonly #bucket: Bucket;
  readonly #cache: ArtifactCache;
  readonly #find: <S>(id: ArtifactId) => Promise<ArtifactRef<S> | undefined>;
  readonly #sent: ArtifactFile[] = [];

  constructor(
    id: ArtifactId,
    folder: DraftFolder,
    bucket: Bucket,
    cache: ArtifactCache,
    find: <S>(id: ArtifactId) => Promise<ArtifactRef<S> | undefined>,
  ) {
    this.id = id;
    this.#folder = folder;
    this.#bucket = bucket;
    this.#cache = cache;
    this.#find = find;
  }

  path(name: string): string {
    return join(this.#folder.path, name);
  }

  async send(name: string, bytes: number, signal?: AbortSignal): Promise<PartSink | undefined> {
    const target = undigestedName(this.id, name);
    this.#sent.push({ name, bytes });
    if (bytes > 0) return PartUpload.open(this.#bucket, target, bytes, signal);
    // An upload in parts has one at least.
    await this.#bucket.write(target, '', signal);
    return undefined;
  }

  async commit<S extends object>(record: CommitRecord<S>, work: WorkOptions = {}): Promise<ArtifactRef<S>> {
    const earlier = await this.#find<S>(this.id);
    if (earlier !== undefined) {
      await this.discard();
      return earlier;
    }
    const { manifest, description } = await this.#uploadAll(record, work);
    const created = await this.#bucket.create(manifestName(this.id), manifestText(manifest), work.signal);
    const ref = created
      ? referenceTo(manifest, this.#bucket.uriOf(contentFolder(manifest)))
      : await this.#find<S>(this.id);
    if (ref === undefined)
      throw new Error(`${this.#bucket.uriOf(manifestName(this.id))} was removed while it was written`);
    if (created && this.#sent.length === 0)
      await this.#cache.adopt(manifest as Manifest, this.#folder.path, description);
    else await this.discard();
    return ref;
  }

  async discard(): Promise<void> {
    await this.#folder.discard();
  }

  /** Begins anew where another worker on the same draft replaced a file since it was described. */
  async #uploadAll<S extends object>(
    record: CommitRecord<S>,
    work: WorkOptions,
  ): Promise<{ readonly manifest: Manifest<S>; readonly description: Description }> {
    for (;;) {
      const options = { skip: [MANIFEST], undigested: record.undigested ?? [] };
      const description = await describeFiles(this.#folder.path, options);
      if (!(await this.#folder.isThere())) throw this.#taken();
      const manifest = createManifest(this.id, record, [...description.files, ...this.#sent]);
      try {
        await this.#upload(manifest, description, work);
        return { manifest, description };
      } catch (error) {
        if (!(error instanceof FileReplaced)) throw error;
      }
    }
  }

  #taken(): SerengetiError {
    const { kind, key } = this.id;
    return new SerengetiError(
      'ARTIFACT_MISSING',
      `The ${kind} artifact ${key} was made by another worker on this host meanwhile, and removed again.`,
      { details: { kind, key } },
    );
  }

  async #upload(
    manifest: Manifest<object>,
    { files, stamps }: Description,
    { signal, onProgress }: WorkOptions,
  ): Promise<void> {
    const artifact = manifest as Manifest;
    const total = files.reduce((sum, file) => sum + file.bytes, 0);
    let done = 0;
    const add = (bytes: number): void => {
      done += bytes;
      onProgress?.({ done, total, unit: 'bytes', note: `uploading ${manifest.kind}` });
    };
    await forEachParallel(files, FILES_AT_ONCE, signal, (file, stop) =>
      uploadFile(
        this.#bucket,
        objectName(artifact, file),
        { path: this.path(file.name), bytes: file.bytes, stamp: stamps.get(file.name)! },
        add,
        stop,
      ),
    );
  }
}
