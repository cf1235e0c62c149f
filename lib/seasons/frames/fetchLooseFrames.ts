import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Mirror } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import { writeFileAtomic } from '../../io/files';
import { REJECTED_CSV } from './entriesCsv';
import type { FetchFramesOptions, FramesFetch } from './fetchFrames';
import { isMissing } from '../../http/failures';
import { LooseFrames } from './looseFrames';
import { forEachParallel } from '../../io/parallel';
import { FramePack, type FrameFact } from './framePack';
import { nameProblem } from '../../zip/names';
import type { RejectedEntry } from '../../zip/table';

export interface LooseFramesRequest {
  readonly mirrors: readonly Mirror[];
  /** Folder of the loose frames at the mirrors. */
  readonly folder: string;
  /** File names. */
  readonly wanted: Iterable<string>;
  /** Gets the frames in one zip, `entries.csv` and `rejected.csv`. */
  readonly directory: string;
}

const CONNECTIONS = 16;

/**
 * Fetches the frames of a season that has no archives, one by one where they lie loose. Nothing states their CRC-32, so
 * each is synced before it gets its name: one that is there is whole. A frame that no mirror has is listed as rejected.
 *
 * @throws SerengetiError ARCHIVE_HOSTILE for a name that leads elsewhere; SOURCE_* when no mirror is left
 */
export async function fetchLooseFrames(
  request: LooseFramesRequest,
  options: FetchFramesOptions = {},
): Promise<FramesFetch> {
  const { signal, onProgress, onWarning, connections = CONNECTIONS } = options;
  const names = [...new Set(request.wanted)].sort();
  names.forEach(refuseHostileName);
  const loose = new LooseFrames(request.mirrors, request.folder, { ...options, connections });
  const pack = new FramePack(request.directory);
  const frames: FrameFact[] = [];
  const rejected: RejectedEntry[] = [];
  let reused = 0;
  let done = 0;
  let reusedBytes = 0;
  try {
    await forEachParallel(names, connections, signal, async (name, stop) => {
      const path = pack.pathOf(name);
      const there = await readIfThere(path);
      if (there !== undefined) reused++;
      const frame = there ?? (await fetchFrame(loose, name, path, stop));
      if (frame === undefined) rejected.push(missing(name, request.folder));
      else frames.push({ name, crc32: crc32(frame) });
      done += frame?.length ?? 0;
      if (there !== undefined) reusedBytes += there.length;
      const note = `${frames.length + rejected.length} of ${names.length} loose frames`;
      onProgress?.({ done, unit: 'bytes', reused: reusedBytes, note });
    });
  } finally {
    await loose.close();
  }
  if (rejected.length > 0) {
    onWarning?.({
      message: `${rejected.length} frames are at no mirror, the first: "${rejected[0]!.name}"; see ${REJECTED_CSV}`,
    });
  }
  return { ...(await pack.pack(frames, rejected, signal)), reused, wireBytes: loose.receivedBytes };
}

/** @returns `undefined` when no mirror has the frame */
async function fetchFrame(
  loose: LooseFrames,
  name: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  let frame: Buffer;
  try {
    frame = await loose.read({ name }, signal);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  await writeFileAtomic(path, frame);
  return frame;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function refuseHostileName(name: string): void {
  const problem = nameProblem(name);
  if (problem === undefined) return;
  throw new SerengetiError('ARCHIVE_HOSTILE', `The frame ${JSON.stringify(name)} ${problem}`, { details: { name } });
}

function missing(name: string, folder: string): RejectedEntry {
  return { name, archive: folder, code: 'FRAME_MISSING', reason: 'is at no mirror', byte: 0 };
}
