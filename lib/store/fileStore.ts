import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ArtifactId, ArtifactRef, Manifest } from '../contracts/artifact';
import { SerengetiError } from '../contracts/errors';
import type { WorkOptions } from '../contracts/progress';
import { damageOf, isDamage, orUndefined } from './damage';
import { checkFiles, describeFiles } from './description';
import { DraftFolder, LEASE_TIMES, type LeaseTimes } from './draftFolder';
import { listDrafts } from './drafts';
import { FileJournal } from './fileJournal';
import {
  listFiles,
  makeFolder,
  namesIn,
  pathExists,
  readFileIfThere,
  renameIfThere,
  removeTemporaries,
  writeFileAtomic,
} from '../io/files';
import { createManifest, MANIFEST, manifestText, newestFirst, parseManifest, referenceTo } from './manifest';
import type { Artifact, ArtifactStore, CommitRecord, Draft, DraftFacts, Journal } from './store';
import { Trash } from './trash';

export interface FileStoreOptions extends Pick<WorkOptions, 'onWarning'> {
  /** @default {@link LEASE_TIMES} */
  readonly lease?: LeaseTimes;
}

/**
 * A store in a folder:
 *
 *     artifacts/<kind>/<key>/   complete artifacts; each has a manifest.json
 *     drafts/<kind>/<key>/      artifacts in the making, also those of killed workers; each has one owner
 *     damaged/<kind>/<key>/     what turned out to be other than it was stored, by the time that it was found, for people
 *     removed/                  what was an artifact or a draft a moment ago
 *     journals/<name>/          lists that only grow, an entry a file
 *
 * Committing writes the manifest into the draft and renames the folder: one step, on one file system.
 */
export class FileStore implements ArtifactStore {
  readonly uri: string;
  readonly #root: string;
  readonly #lease: LeaseTimes;
  readonly #trash: Trash;
  readonly #onWarning: NonNullable<WorkOptions['onWarning']>;
  /** A manifest never changes, so listing thousands of artifacts again reads only the new ones. */
  readonly #listed = new Map<string, Manifest>();

  /** @param uri - `file:///…/` */
  constructor(uri: string, { lease = LEASE_TIMES, onWarning = () => undefined }: FileStoreOptions = {}) {
    this.#lease = lease;
    this.#onWarning = onWarning;
    this.#root = fileURLToPath(uri);
    this.#trash = new Trash(join(this.#root, 'removed'));
    this.uri = pathToFileURL(`${this.#root}/`).href.replace(/\/+$/, '/');
  }

  async check(): Promise<void> {
    try {
      await mkdir(this.#root, { recursive: true });
      await access(this.#root, constants.W_OK);
    } catch (error) {
      const message = `The folder ${this.#root} cannot be written to: ${(error as Error).message}`;
      throw new SerengetiError('STORE_FORBIDDEN', message, { cause: error, details: { path: this.#root } });
    }
  }

  async find<S>(id: ArtifactId): Promise<ArtifactRef<S> | undefined> {
    const manifest = await orUndefined(this.#readManifest<S>(id));
    return manifest === undefined ? undefined : this.#reference(manifest);
  }

  async manifest<S = Manifest['summary']>(id: ArtifactId): Promise<Manifest<S>> {
    const manifest = await this.#readManifest<S>(id);
    if (manifest === undefined) throw this.#missing(id);
    return manifest;
  }

  async open(id: ArtifactId, { signal }: WorkOptions = {}): Promise<Artifact> {
    const folder = this.#folder('artifacts', id);
    const manifest = await this.manifest(id);
    try {
      await checkFiles(folder, manifest.files, signal);
    } catch (error) {
      if (!isDamage(error)) throw error;
      throw await this.#moveAside(id, manifestText(manifest), error);
    }
    return { id, path: (name) => join(folder, name) };
  }

  async setAside(id: ArtifactId, cause: Error, name?: string): Promise<SerengetiError> {
    const manifest = await orUndefined(this.#readManifest(id));
    if (manifest === undefined) return damageOf(id, cause);
    return name === undefined
      ? await this.#moveAside(id, manifestText(manifest), cause)
      : await this.#takeBack(id, name, cause);
  }

  async draft(id: ArtifactId, work?: WorkOptions): Promise<Draft> {
    const folder = await DraftFolder.open(this.#folder('drafts', id), this.#trash, this.#lease, work);
    return {
      id,
      path: (name) => join(folder.path, name),
      commit: (record) => this.#commit(id, folder, record),
      isOwned: () => folder.isOwned(),
      release: () => folder.release(),
      discard: () => folder.discard(),
    };
  }

  async list(kind: ArtifactId['kind'], family?: string): Promise<Manifest[]> {
    const manifests: Manifest[] = [];
    for (const key of await namesIn(join(this.#root, 'artifacts', kind))) {
      const manifest = this.#listed.get(key) ?? (await orUndefined(this.#readManifest({ kind, key })));
      if (manifest === undefined) continue;
      this.#listed.set(key, manifest);
      if (family === undefined || manifest.family === family) manifests.push(manifest);
    }
    return newestFirst(manifests);
  }

  async remove(id: ArtifactId): Promise<void> {
    await this.#trash.take(this.#folder('artifacts', id));
    this.#listed.delete(id.key);
  }

  async removeDraft(id: ArtifactId): Promise<void> {
    const folder = this.#folder('drafts', id);
    if (await pathExists(folder)) await this.#trash.take(folder);
  }

  drafts(): Promise<DraftFacts[]> {
    return listDrafts(join(this.#root, 'drafts'));
  }

  journal(name: string): Journal {
    return new FileJournal(join(this.#root, 'journals', name));
  }

  async #commit<S extends object>(
    id: ArtifactId,
    folder: DraftFolder,
    record: CommitRecord<S>,
  ): Promise<ArtifactRef<S>> {
    const { inventoried = [], undigested = [] } = record;
    const files = await describeFiles(folder.path, { skip: [...inventoried, MANIFEST], undigested });
    const manifest = createManifest(id, record, files, await sizeOf(folder.path, inventoried));
    await writeFileAtomic(join(folder.path, MANIFEST), manifestText(manifest));
    const target = this.#folder('artifacts', id);
    if (await folder.moveTo(target)) {
      await removeTemporaries(target);
      return this.#reference(manifest);
    }
    // Another worker was faster, on a draft that it had taken over.
    const made = await this.manifest<S>(id);
    await folder.discard();
    return this.#reference(made);
  }

  async #readManifest<S = Manifest['summary']>(id: ArtifactId): Promise<Manifest<S> | undefined> {
    const path = join(this.#folder('artifacts', id), MANIFEST);
    const text = await readFileIfThere(path);
    if (text === undefined) return undefined;
    try {
      return parseManifest<S>(text, path, id);
    } catch (error) {
      throw isDamage(error) ? await this.#moveAside(id, text, error) : error;
    }
  }

  /** @param manifest - what it reads: with another one the artifact was made anew since, and stays */
  async #moveAside(id: ArtifactId, manifest: string, cause: Error): Promise<SerengetiError> {
    const folder = this.#folder('artifacts', id);
    this.#listed.delete(id.key);
    if ((await readFileIfThere(join(folder, MANIFEST))) !== manifest) return damageOf(id, cause);
    const place = this.#placeOfDamage(id);
    await makeFolder(dirname(place));
    return this.#told(damageOf(id, cause, (await renameIfThere(folder, place)) ? place : undefined));
  }

  /**
   * Of a tree of many files only the damaged one goes. The rest becomes a draft again, so that whoever makes the artifact
   * anew does that one file and checks the others.
   */
  async #takeBack(id: ArtifactId, name: string, cause: Error): Promise<SerengetiError> {
    const folder = this.#folder('artifacts', id);
    this.#listed.delete(id.key);
    const place = this.#placeOfDamage(id);
    await makeFolder(dirname(join(place, name)));
    await renameIfThere(join(folder, name), join(place, name));
    const draft = await DraftFolder.leave(folder, this.#folder('drafts', id));
    if (draft !== undefined) await rm(join(draft, MANIFEST), { force: true });
    return this.#told(damageOf(id, cause, join(place, name)));
  }

  #placeOfDamage({ kind, key }: ArtifactId): string {
    return join(this.#root, 'damaged', kind, key, new Date().toISOString());
  }

  #told(damage: SerengetiError): SerengetiError {
    const { message, details } = damage;
    this.#onWarning({ message, details });
    return damage;
  }

  #reference<S>(manifest: Manifest<S>): ArtifactRef<S> {
    return referenceTo(manifest, pathToFileURL(`${this.#folder('artifacts', manifest)}/`).href);
  }

  #folder(area: 'artifacts' | 'drafts', id: ArtifactId): string {
    return join(this.#root, area, id.kind, id.key);
  }

  #missing(id: ArtifactId): SerengetiError {
    // Another worker may have made it on a host of its own, in a folder of the same name.
    const place = `${this.uri} on ${hostname()}; such a store serves the workers that share its folder`;
    return new SerengetiError('ARTIFACT_MISSING', `No ${id.kind} artifact ${id.key} in ${place}.`, {
      details: { ...id, host: hostname() },
    });
  }
}

async function sizeOf(folder: string, names: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const name of names) {
    const path = join(folder, name);
    const info = await stat(path);
    if (!info.isDirectory()) bytes += info.size;
    else for (const file of await listFiles(path)) bytes += (await stat(join(path, file))).size;
  }
  return bytes;
}
