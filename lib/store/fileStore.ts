import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ArtifactFile, ArtifactId, ArtifactRef, Manifest } from '../contracts/artifact';
import { SerengetiError } from '../contracts/errors';
import { asDiskError, listFiles, pathExists, syncFolder, writeFileAtomic } from './files';
import { productVersions } from './versions';
import type { Artifact, ArtifactStore, CommitRecord, Draft } from './store';

const MANIFEST = 'manifest.json';

/**
 * A store in a folder:
 *
 *     artifacts/<kind>/<key>/   complete artifacts; each has a manifest.json
 *     drafts/<kind>/<key>/      artifacts in the making, also those of killed workers
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
    return manifests.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
  }

  async #commit<S extends object>(id: ArtifactId, folder: string, record: CommitRecord<S>): Promise<ArtifactRef<S>> {
    const { inventoried = [], undigested = [], ...facts } = record;
    if (!(await pathExists(folder))) {
      // Another worker finished the same artifact while this one worked on it.
      return this.#reference(await this.manifest<S>(id));
    }
    const files = await describeFiles(folder, [...inventoried, MANIFEST], undigested);
    const inventoriedBytes = await sizeOf(folder, inventoried);
    const manifest: Manifest<S> = {
      ...id,
      ...facts,
      inputs: facts.inputs.map(({ kind, key }) => ({ kind, key })),
      files,
      bytes: files.reduce((sum, file) => sum + file.bytes, inventoriedBytes),
      createdAt: new Date().toISOString(),
      versions: productVersions(),
    };
    const target = this.#folder('artifacts', id);
    await writeFileAtomic(join(folder, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
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
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return JSON.parse(text) as Manifest<S>;
    } catch (error) {
      throw new SerengetiError('ARTIFACT_CORRUPT', `The manifest ${path} is not JSON: ${(error as Error).message}`, {
        cause: error,
        details: { path },
      });
    }
  }

  #reference<S>(manifest: Manifest<S>): ArtifactRef<S> {
    const { kind, key, bytes, summary } = manifest;
    return { kind, key, uri: pathToFileURL(`${this.#folder('artifacts', manifest)}/`).href, bytes, summary };
  }

  #folder(area: 'artifacts' | 'drafts', id: ArtifactId): string {
    return join(this.#root, area, id.kind, id.key);
  }

  #missing(id: ArtifactId): SerengetiError {
    return new SerengetiError('ARTIFACT_MISSING', `No ${id.kind} artifact ${id.key} in ${this.uri}`, {
      details: { ...id },
    });
  }
}

async function describeFiles(
  folder: string,
  skip: readonly string[],
  undigested: readonly string[],
): Promise<ArtifactFile[]> {
  const files: ArtifactFile[] = [];
  for (const name of await listFiles(folder, skip)) {
    const { size: bytes } = await stat(join(folder, name));
    files.push(
      undigested.includes(name) ? { name, bytes } : { name, bytes, sha256: await sha256Of(join(folder, name)) },
    );
  }
  return files;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
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
