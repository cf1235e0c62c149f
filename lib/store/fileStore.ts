import { access, constants, mkdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ArtifactId, ArtifactRef, Manifest } from '../contracts/artifact';
import { SerengetiError } from '../contracts/errors';
import type { WorkOptions } from '../contracts/progress';
import { describeFiles } from './description';
import { DraftFolder, LEASE_TIMES, type LeaseTimes } from './draftFolder';
import { listDrafts } from './drafts';
import { FileJournal } from './fileJournal';
import { listFiles, namesIn, pathExists, readFileIfThere, removeTemporaries, writeFileAtomic } from '../io/files';
import { createManifest, MANIFEST, manifestText, newestFirst, parseManifest, referenceTo } from './manifest';
import type { Artifact, ArtifactStore, CommitRecord, Draft, DraftFacts, Journal } from './store';
import { Trash } from './trash';

/**
 * A store in a folder:
 *
 *     artifacts/<kind>/<key>/   complete artifacts; each has a manifest.json
 *     drafts/<kind>/<key>/      artifacts in the making, also those of killed workers; each has one owner
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
  /** A manifest never changes, so listing thousands of artifacts again reads only the new ones. */
  readonly #listed = new Map<string, Manifest>();

  /** @param uri - `file:///…/` */
  constructor(uri: string, lease: LeaseTimes = LEASE_TIMES) {
    this.#lease = lease;
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
    const manifest = await this.#readManifest<S>(id);
    return manifest === undefined ? undefined : this.#reference(manifest);
  }

  async manifest<S>(id: ArtifactId): Promise<Manifest<S>> {
    const manifest = await this.#readManifest<S>(id);
    if (manifest === undefined) throw this.#missing(id);
    return manifest;
  }

  async open(id: ArtifactId): Promise<Artifact> {
    const folder = this.#folder('artifacts', id);
    if (!(await pathExists(join(folder, MANIFEST)))) throw this.#missing(id);
    return { id, path: (name) => join(folder, name) };
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

  async list(kind: ArtifactId['kind']): Promise<Manifest[]> {
    const manifests: Manifest[] = [];
    for (const key of await namesIn(join(this.#root, 'artifacts', kind))) {
      const manifest = this.#listed.get(key) ?? (await this.#readManifest<Manifest['summary']>({ kind, key }));
      if (manifest === undefined) continue;
      this.#listed.set(key, manifest);
      manifests.push(manifest);
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

  async #readManifest<S>(id: ArtifactId): Promise<Manifest<S> | undefined> {
    const path = join(this.#folder('artifacts', id), MANIFEST);
    const text = await readFileIfThere(path);
    return text === undefined ? undefined : parseManifest(text, path);
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
