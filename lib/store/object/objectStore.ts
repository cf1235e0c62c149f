import { join } from 'node:path';
import type { ArtifactId, ArtifactRef, Manifest } from '../../contracts/artifact';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import { pathExists } from '../../io/files';
import { damageOf, isDamage, orUndefined } from '../damage';
import { DraftFolder, LEASE_TIMES, type LeaseTimes } from '../draftFolder';
import { listDrafts } from '../drafts';
import { digestOf } from '../key';
import { manifestText, newestFirst, parseManifest, referenceTo } from '../manifest';
import type { Abandoned, Artifact, ArtifactStore, Draft, DraftFacts, Journal, RangedFile } from '../store';
import { Trash } from '../trash';
import { removeAbandoned } from './abandoned';
import { Bucket } from './bucket';
import { ArtifactCache } from './cache';
import { ObjectDraft } from './draft';
import { ObjectJournal } from './journal';
import {
  artifactFolder,
  contentFolder,
  damagedName,
  familyFolder,
  kindFolder,
  manifestName,
  memberName,
  objectName,
} from './layout';
import { openRemoteFile } from './remoteFile';
import type { BucketSettings } from './settings';

const MANIFESTS_AT_ONCE = 16;

export interface ObjectStoreOptions extends Pick<WorkOptions, 'onWarning'> {
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
  readonly #onWarning: NonNullable<WorkOptions['onWarning']>;

  constructor(settings: BucketSettings, options: ObjectStoreOptions) {
    const { cacheFolder, cacheBytes, lease = LEASE_TIMES, onWarning = () => undefined } = options;
    this.#lease = lease;
    this.#onWarning = onWarning;
    this.#bucket = new Bucket(settings);
    this.uri = this.#bucket.uriOf('');
    const folder = join(cacheFolder, digestOf([this.uri, settings.client.endpoint]).slice(0, 16));
    this.#trash = new Trash(join(folder, 'removed'));
    this.#cache = new ArtifactCache(folder, cacheBytes, this.#bucket, this.#trash, onWarning);
    this.#drafts = join(folder, 'drafts');
  }

  async find<S>(id: ArtifactId): Promise<ArtifactRef<S> | undefined> {
    const manifest = await orUndefined(this.#readManifest<S>(id));
    return manifest === undefined ? undefined : referenceTo(manifest, this.#bucket.uriOf(contentFolder(manifest)));
  }

  async manifest<S = Manifest['summary']>(id: ArtifactId, signal?: AbortSignal): Promise<Manifest<S>> {
    const manifest = await this.#readManifest<S>(id, signal);
    if (manifest === undefined) throw this.#missing(id);
    return manifest;
  }

  async open(id: ArtifactId, work: WorkOptions = {}): Promise<Artifact> {
    const manifest = await this.manifest(id, work.signal);
    try {
      const folder = await this.#cache.open(manifest, work);
      return { id, path: (name) => join(folder, name) };
    } catch (error) {
      if (!isDamage(error)) throw error;
      throw await this.#condemn(manifest, error);
    }
  }

  async setAside(id: ArtifactId, cause: Error): Promise<SerengetiError> {
    const manifest = await orUndefined(this.#readManifest(id));
    if (manifest === undefined) return damageOf(id, cause);
    // Whether it is the copy on this host or the file in the bucket: both are made anew.
    await this.#cache.drop(manifest);
    return await this.#condemn(manifest, cause);
  }

  async openRemote(id: ArtifactId, name: string): Promise<RangedFile> {
    const manifest = await this.manifest(id);
    const file = manifest.files.find((candidate) => candidate.name === name);
    if (file === undefined) throw this.#missing(id, name);
    return openRemoteFile(this.#bucket, objectName(manifest, file), file.bytes);
  }

  async draft(id: ArtifactId, work?: WorkOptions): Promise<Draft> {
    const folder = await DraftFolder.open(join(this.#drafts, id.kind, id.key), this.#trash, this.#lease, work);
    return new ObjectDraft(id, folder, this.#bucket, this.#cache, (wanted) => this.find(wanted));
  }

  async list(kind: ArtifactId['kind'], family?: string): Promise<Manifest[]> {
    // Servers may list folders that are empty by now: only a manifest says that an artifact is there.
    const keys =
      family === undefined ? await this.#bucket.folders(kindFolder(kind)) : await this.#members(kind, family);
    const manifests: Manifest[] = [];
    await forEachParallel(keys, MANIFESTS_AT_ONCE, undefined, async (key, signal) => {
      const manifest = await orUndefined(this.#readManifest({ kind, key }, signal));
      if (manifest !== undefined) manifests.push(manifest);
    });
    return newestFirst(manifests);
  }

  async #members(kind: ArtifactId['kind'], family: string): Promise<string[]> {
    const folder = familyFolder(kind, family);
    const keys: string[] = [];
    for await (const { name } of this.#bucket.list(folder)) keys.push(name.slice(folder.length));
    return keys;
  }

  async check(signal?: AbortSignal): Promise<void> {
    await this.#bucket.check(signal);
  }

  async removeAbandoned(before: Date, work: WorkOptions = {}): Promise<Abandoned> {
    return removeAbandoned(this.#bucket, before, (id) => orUndefined(this.#readManifest(id, work.signal)), work);
  }

  close(): void {
    this.#bucket.close();
  }

  async remove(id: ArtifactId): Promise<void> {
    const family = (await orUndefined(this.#readManifest(id)))?.family;
    // First the manifest: without it the rest is what nobody lists.
    await this.#bucket.remove([manifestName(id), ...(family === undefined ? [] : [memberName(id, family)])]);
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

  /** An artifact with a damaged file does not count as made: its manifest is put aside, and the step is done again. */
  async #condemn(manifest: Manifest, cause: Error): Promise<SerengetiError> {
    const current = await orUndefined(this.#readManifest(manifest));
    // Another worker has found the damage, too, and the artifact may have been made anew since.
    if (current?.digest !== manifest.digest) return damageOf(manifest, cause);
    const files = manifest.files.map((file) => objectName(manifest, file));
    return await this.#putAside(manifest, manifestText(manifest), files, cause);
  }

  async #putAside(
    id: ArtifactId,
    manifest: string | Buffer,
    files: readonly string[],
    cause: Error,
  ): Promise<SerengetiError> {
    const aside = damagedName(id, new Date());
    await this.#bucket.write(aside, manifest);
    await this.#bucket.remove([manifestName(id), ...files]);
    const damage = damageOf(id, cause, this.#bucket.uriOf(aside));
    this.#onWarning({ message: damage.message, details: damage.details });
    return damage;
  }

  async #readManifest<S = Manifest['summary']>(id: ArtifactId, signal?: AbortSignal): Promise<Manifest<S> | undefined> {
    const name = manifestName(id);
    const content = await this.#bucket.read(name, signal);
    if (content === undefined) return undefined;
    try {
      return parseManifest<S>(content.toString('utf8'), this.#bucket.uriOf(name), id);
    } catch (error) {
      if (!isDamage(error)) throw error;
      // Once more, should it be the connection that garbled it, or another worker that has put it aside.
      const again = await this.#bucket.read(name, signal);
      if (again?.equals(content) !== true) return await this.#readManifest(id, signal);
      throw await this.#putAside(id, content, [], error);
    }
  }

  #missing(id: ArtifactId, name?: string): SerengetiError {
    const what =
      name === undefined ? `${id.kind} artifact ${id.key}` : `file ${name} in the ${id.kind} artifact ${id.key}`;
    return new SerengetiError('ARTIFACT_MISSING', `No ${what} in ${this.uri}.`, { details: { ...id } });
  }
}
