import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ArtifactId, ArtifactRef, Manifest } from '../contracts/artifact';
import { SerengetiError } from '../contracts/errors';
import { listDrafts } from './drafts';
import { FileJournal } from './fileJournal';
import { asDiskError, listFiles, pathExists, readFileIfThere, syncFolder, writeFileAtomic } from './files';
import {
  createManifest,
  describeFiles,
  MANIFEST,
  manifestText,
  newestFirst,
  parseManifest,
  referenceTo,
} from './manifest';
import type { Artifact, ArtifactStore, CommitRecord, Draft, DraftFacts, Journal } from './store';

/**
 * A store in a folder:
 *
 *     artifacts/<kind>/<key>/   complete artifacts; each has a manifest.json
 *     drafts/<kind>/<key>/      artifacts in the making, also those of killed workers
 *     removed/                  what was an artifact a moment ago
 *     journals/<name>/          lists that only grow, an entry a file
 *
 * Committing writes the manifest into the draft and renames the folder: one step, on one file system.
 */
export class FileStore implements ArtifactStore {
  readonly uri: string;
  readonly #root: string;
  /** A manifest never changes, so listing thousands of artifacts again reads only the new ones. */
  readonly #listed = new Map<string, Manifest>();

  /** @param uri - `file:///…/` */
  constructor(uri: string) {
    this.#root = fileURLToPath(uri);
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

  async draft(id: ArtifactId): Promise<Draft> {
    const folder = this.#folder('drafts', id);
    await mkdir(folder, { recursive: true });
    return {
      id,
      path: (name) => join(folder, name),
      commit: (record) => this.#commit(id, folder, record),
      discard: () => rm(folder, { recursive: true, force: true }),
    };
  }

  async list(kind: ArtifactId['kind']): Promise<Manifest[]> {
    const folder = join(this.#root, 'artifacts', kind);
    if (!(await pathExists(folder))) return [];
    const manifests: Manifest[] = [];
    for (const key of await readdir(folder)) {
      const manifest = this.#listed.get(key) ?? (await this.#readManifest<Manifest['summary']>({ kind, key }));
      if (manifest === undefined) continue;
      this.#listed.set(key, manifest);
      manifests.push(manifest);
    }
    return newestFirst(manifests);
  }

  async remove(id: ArtifactId): Promise<void> {
    const removed = join(this.#root, 'removed');
    await mkdir(removed, { recursive: true });
    try {
      await rename(this.#folder('artifacts', id), join(removed, `${id.key}-${randomBytes(4).toString('hex')}`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    this.#listed.delete(id.key);
    // Whatever an earlier removal that was killed has left goes too.
    await rm(removed, { recursive: true, force: true });
  }

  drafts(): Promise<DraftFacts[]> {
    return listDrafts(join(this.#root, 'drafts'));
  }

  journal(name: string): Journal {
    return new FileJournal(join(this.#root, 'journals', name));
  }

  async #commit<S extends object>(id: ArtifactId, folder: string, record: CommitRecord<S>): Promise<ArtifactRef<S>> {
    const { inventoried = [], undigested = [] } = record;
    if (!(await pathExists(folder))) {
      // Another worker finished the same artifact while this one worked on it.
      return this.#reference(await this.manifest<S>(id));
    }
    const files = await describeFiles(folder, [...inventoried, MANIFEST], undigested);
    const manifest = createManifest(id, record, files, await sizeOf(folder, inventoried));
    const target = this.#folder('artifacts', id);
    await writeFileAtomic(join(folder, MANIFEST), manifestText(manifest));
    await mkdir(dirname(target), { recursive: true });
    try {
      await rename(folder, target);
    } catch (error) {
      const winner = await this.find<S>(id);
      if (winner === undefined) throw asDiskError(error, target);
      await rm(folder, { recursive: true, force: true });
      return winner;
    }
    await syncFolder(dirname(target));
    return this.#reference(manifest);
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
