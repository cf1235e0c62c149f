import { join } from 'node:path';
import type { ArtifactId, ArtifactRef, Manifest } from '../../contracts/artifact';
import { isSerengetiError, SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import { pathExists } from '../../io/files';
import { DraftFolder, LEASE_TIMES, type LeaseTimes } from '../draftFolder';
import { listDrafts } from '../drafts';
import { digestOf } from '../key';
import { newestFirst, parseManifest, referenceTo } from '../manifest';
import type { Abandoned, Artifact, ArtifactStore, Draft, DraftFacts, Journal, RangedFile } from '../store';
import { Trash } from '../trash';
import { removeAbandoned } from './abandoned';
import { Bucket } from './bucket';
import { ArtifactCache } from './cache';
import { ObjectDraft } from './draft';
import { ObjectJournal } from './journal';
import { artifactFolder, contentFolder, damagedName, kindFolder, manifestName, objectName } from './layout';
import { openRemoteFile } from './remoteFile';
import type { BucketSettings } from './settings';

const MANIFESTS_AT_ONCE = 16;

export interface ObjectStoreOptions {
  /** Folder on this host for copies and drafts. Stores of other addresses may share it, and so may processes. */
  readonly cacheFolder: string;
  /** What the copies may take, in bytes. */
  readonly cacheBytes: number;
  /** @default {@link LEASE_TIMES} */
  readonly lease?: LeaseTimes;
}

/** A store in a bucket of an S3-compatible server; the layout is in `layout.ts`. */
export class ObjectStore implements ArtifactStore {
  readonly uri: string;
  readonly #bucket: Bucket;
  readonly #cache: ArtifactCache;
  readonly #drafts: string;
  readonly #lease: LeaseTimes;
  readonly #trash: Trash;

  constructor(settings: BucketSettings, { cacheFolder, cacheBytes, lease = LEASE_TIMES }: ObjectStoreOptions) {
    this.#lease = lease;
    this.#bucket = new Bucket(settings);
    this.uri = this.#bucket.uriOf('');
    const folder = join(cacheFolder, digestOf([this.uri, settings.client.endpoint]).slice(0, 16));
    this.#trash = new Trash(join(folder, 'removed'));
    this.#cache = new ArtifactCache(folder, cacheBytes, this.#bucket, this.#trash);
    this.#drafts = join(folder, 'drafts');
  }

  async find<S>(id: ArtifactId): Promise<ArtifactRef<S> | undefined> {
    const manifest = await this.#readManifest<S>(id);
    return manifest === undefined ? undefined : referenceTo(manifest, this.#bucket.uriOf(contentFolder(manifest)));
  }

  async manifest<S>(id: ArtifactId, signal?: AbortSignal): Promise<Manifest<S>> {
    const manifest = await this.#readManifest<S>(id, signal);
    if (manifest === undefined) throw this.#missing(id);
    return manifest;
  }

  async open(id: ArtifactId, work: WorkOptions = {}): Promise<Artifact> {
    const manifest = await this.manifest<Manifest['summary']>(id, work.signal);
    try {
      const folder = await this.#cache.open(manifest, work);
      return { id, path: (name) => join(folder, name) };
    } catch (error) {
      if (!this.#isDamage(error, manifest)) throw error;
      await this.#condemn(manifest);
      throw new SerengetiError('ARTIFACT_CORRUPT', error.message, {
        cause: error,
        details: { ...error.details, ...id },
      });
    }
  }

  async openRemote(id: ArtifactId, name: string): Promise<RangedFile> {
    const manifest = await this.manifest<Manifest['summary']>(id);
    const file = manifest.files.find((candidate) => candidate.name === name);
    if (file === undefined) throw this.#missing(id, name);
    return openRemoteFile(this.#bucket, objectName(manifest, file), file.bytes);
  }

  async draft(id: ArtifactId, work?: WorkOptions): Promise<Draft> {
    const folder = await DraftFolder.open(join(this.#drafts, id.kind, id.key), this.#trash, this.#lease, work);
    return new ObjectDraft(id, folder, this.#bucket, this.#cache, (wanted) => this.find(wanted));
  }

  async list(kind: ArtifactId['kind']): Promise<Manifest[]> {
    // Servers may list folders that are empty by now: only a manifest says that an artifact is there.
    const keys = await this.#bucket.folders(kindFolder(kind));
    const manifests: Manifest[] = [];
    await forEachParallel(keys, MANIFESTS_AT_ONCE, undefined, async (key, signal) => {
      const manifest = await this.#readManifest<Manifest['summary']>({ kind, key }, signal);
      if (manifest !== undefined) manifests.push(manifest);
    });
    return newestFirst(manifests);
  }

  async check(signal?: AbortSignal): Promise<void> {
    await this.#bucket.check(signal);
  }

  async removeAbandoned(before: Date, work: WorkOptions = {}): Promise<Abandoned> {
    return removeAbandoned(this.#bucket, before, work);
  }

  close(): void {
    this.#bucket.close();
  }

  async remove(id: ArtifactId): Promise<void> {
    // First the manifest: without it the rest is what nobody lists.
    await this.#bucket.remove([manifestName(id)]);
    const names: string[] = [];
    for await (const { name } of this.#bucket.list(artifactFolder(id))) names.push(name);
    await this.#bucket.remove(names);
  }

  async removeDraft({ kind, key }: ArtifactId): Promise<void> {
    const folder = join(this.#drafts, kind, key);
    if (await pathExists(folder)) await this.#trash.take(folder);
  }

  /** Those on this host: each worker's host knows its own. */
  drafts(): Promise<DraftFacts[]> {
    return listDrafts(this.#drafts);
  }

  journal(name: string): Journal {
    return new ObjectJournal(this.#bucket, name);
  }

  /** Whether an error is about a file in the bucket, and not about a copy on this host. */
  #isDamage(error: unknown, manifest: Manifest): error is SerengetiError {
    if (!isSerengetiError(error) || error.code !== 'ARTIFACT_CORRUPT') return false;
    return String(error.details.uri).startsWith(this.#bucket.uriOf(artifactFolder(manifest)));
  }

  /** An artifact with a damaged file does not count as made: its manifest is put aside, and the step is done again. */
  async #condemn(manifest: Manifest): Promise<void> {
    const current = await this.#readManifest(manifest);
    // Another worker has found the damage, too, and the artifact may have been made anew since.
    if (current?.createdAt !== manifest.createdAt) return;
    await this.#bucket.write(damagedName(manifest, new Date()), JSON.stringify(manifest));
    await this.#bucket.remove([manifestName(manifest), ...manifest.files.map((file) => objectName(manifest, file))]);
  }

  async #readManifest<S>(id: ArtifactId, signal?: AbortSignal): Promise<Manifest<S> | undefined> {
    const name = manifestName(id);
    const content = await this.#bucket.read(name, signal);
    return content === undefined ? undefined : parseManifest<S>(content.toString('utf8'), this.#bucket.uriOf(name));
  }

  #missing(id: ArtifactId, name?: string): SerengetiError {
    const what =
      name === undefined ? `${id.kind} artifact ${id.key}` : `file ${name} in the ${id.kind} artifact ${id.key}`;
    return new SerengetiError('ARTIFACT_MISSING', `No ${what} in ${this.uri}.`, { details: { ...id } });
  }
}
