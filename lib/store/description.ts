import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactFile } from '../contracts/artifact';
import { listFiles } from '../io/files';

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

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
