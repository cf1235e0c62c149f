import { join } from 'node:path';
import type { ArtifactFile, ArtifactId, ArtifactRef, Manifest } from '../../contracts/artifact';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import { describeFiles } from '../description';
import type { DraftFolder } from '../draftFolder';
import { createManifest, MANIFEST, manifestText, referenceTo } from '../manifest';
import type { CommitRecord, Draft, PartSink } from '../store';
import type { Bucket } from './bucket';
import type { ArtifactCache } from './cache';
import { contentFolder, manifestName, memberName, objectName, undigestedName } from './layout';
import { PartUpload } from './partUpload';
import { uploadFile } from './upload';

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
    if ((await this.#find(this.id)) !== undefined) return await this.#madeElsewhere();
    const files = await describeFiles(this.#folder.path, { skip: [MANIFEST], undigested: record.undigested ?? [] });
    const manifest = createManifest(this.id, record, [...files, ...this.#sent]);
    // Else the files may be a part of them.
    if (!(await this.#folder.isOwned())) return await this.#madeElsewhere();
    await this.#upload(manifest as Manifest, files, work);
    if (manifest.family !== undefined) {
      await this.#bucket.write(memberName(this.id, manifest.family), this.id.key, work.signal);
    }
    const created = await this.#bucket.create(manifestName(this.id), manifestText(manifest), work.signal);
    if (!created) return await this.#madeElsewhere();
    if (this.#sent.length === 0) await this.#cache.adopt(manifest as Manifest, this.#folder);
    await this.discard();
    return referenceTo(manifest, this.#bucket.uriOf(contentFolder(manifest)));
  }

  isOwned(): Promise<boolean> {
    return this.#folder.isOwned();
  }

  async release(): Promise<void> {
    await this.#folder.release();
  }

  async discard(): Promise<void> {
    await this.#folder.discard();
  }

  /** Another worker was faster, here or on another host. */
  async #madeElsewhere<S>(): Promise<ArtifactRef<S>> {
    const made = await this.#find<S>(this.id);
    if (made === undefined) {
      const { kind, key } = this.id;
      const message = `Another worker made the ${kind} artifact ${key}, or has taken over its draft`;
      throw new SerengetiError('ARTIFACT_MISSING', message, { details: { kind, key } });
    }
    await this.discard();
    return made;
  }

  async #upload(
    manifest: Manifest,
    files: readonly ArtifactFile[],
    { signal, onProgress }: WorkOptions,
  ): Promise<void> {
    const total = files.reduce((sum, file) => sum + file.bytes, 0);
    let done = 0;
    const add = (bytes: number): void => {
      done += bytes;
      onProgress?.({ done, total, unit: 'bytes', note: `uploading ${manifest.kind}` });
    };
    await forEachParallel(files, FILES_AT_ONCE, signal, (file, stop) =>
      uploadFile(
        this.#bucket,
        objectName(manifest, file),
        { path: this.path(file.name), bytes: file.bytes },
        add,
        stop,
      ),
    );
  }
}
