import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Clocks of file systems stand still for moments: a file that changed so lately may change again without a sign of it. */
const UNSETTLED_MILLISECONDS = 1_000;

/** Of files in the state that they were read in. */
const known = new Map<string, Promise<string>>();

/** SHA-256 of a file, in hexadecimal. A file is read once, and again when its size or the time of its last change is another. */
export async function sha256Of(path: string): Promise<string> {
  const { dev, ino, size, ctimeMs } = await stat(path);
  if (Date.now() - ctimeMs < UNSETTLED_MILLISECONDS) return await read(path);
  const state = [dev, ino, size, ctimeMs].join();
  const digest = known.get(state) ?? read(path);
  known.set(state, digest);
  try {
    return await digest;
  } catch (error) {
    known.delete(state);
    throw error;
  }
}

async function read(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
