import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactFile } from '../contracts/artifact';
import { SerengetiError } from '../contracts/errors';
import { listFiles, readFileIfThere, statIfThere } from '../io/files';
import { forEachParallel } from '../io/parallel';
import { sha256Of } from './fileDigest';
import { MANIFEST, parseManifest } from './manifest';

const FILES_AT_ONCE = 4;

export interface DescriptionOptions {
  /** Files and folders to leave out. */
  readonly skip: readonly string[];
  /** Files that get no digest. */
  readonly undigested: readonly string[];
}

/** Size and digest of a folder's files. */
export async function describeFiles(folder: string, { skip, undigested }: DescriptionOptions): Promise<ArtifactFile[]> {
  const files: ArtifactFile[] = [];
  for (const name of await listFiles(folder, skip)) {
    const path = join(folder, name);
    const { size: bytes } = await stat(path);
    files.push({ name, bytes, ...(undigested.includes(name) ? {} : { sha256: await sha256Of(path) }) });
  }
  return files;
}

/**
 * Fails unless a folder's files are those that were described: by their digests, and those without one by their sizes.
 *
 * @throws SerengetiError ARTIFACT_CORRUPT naming the file
 */
export async function checkFiles(folder: string, files: readonly ArtifactFile[], signal?: AbortSignal): Promise<void> {
  await forEachParallel(files, FILES_AT_ONCE, signal, async ({ name, bytes, sha256 }) => {
    const path = join(folder, name);
    const found = await statIfThere(path);
    if (found === undefined) throw otherFile(path, 'is not there, although the manifest of its artifact lists it');
    if (found.size !== bytes) throw otherFile(path, `has ${found.size} bytes; its manifest says ${bytes}`);
    const digest = sha256 === undefined ? undefined : await sha256Of(path);
    if (digest === sha256) return;
    throw otherFile(path, `(${bytes} bytes) is not the file of its manifest: its SHA-256 is ${digest}, not ${sha256}`);
  });
}

/**
 * Checks a folder that is an artifact, or a copy of one, wherever it lies: those of its files that are there. One without
 * a manifest passes.
 *
 * @param only - names of files; without it, all
 * @throws SerengetiError ARTIFACT_CORRUPT naming the file
 */
export async function checkCopy(folder: string, only?: readonly string[]): Promise<void> {
  const place = join(folder, MANIFEST);
  const text = await readFileIfThere(place);
  if (text === undefined) return;
  const { files } = parseManifest(text, place);
  const there = await listFiles(folder);
  await checkFiles(
    folder,
    files.filter(({ name }) => there.includes(name) && only?.includes(name) !== false),
  );
}

function otherFile(path: string, problem: string): SerengetiError {
  return new SerengetiError('ARTIFACT_CORRUPT', `${path} ${problem}`, { details: { path } });
}
