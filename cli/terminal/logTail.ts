import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Reads the log files of a folder, and later what came since. Lines that are still being written wait for their end. */
export class LogTail {
  readonly #folder: string;
  readonly #positions = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Calls `take` with each complete line that is new. A folder that is not there has none. */
  async read(take: (line: string) => void): Promise<void> {
    for (const name of await logFiles(this.#folder)) {
      this.#positions.set(name, await readLines(join(this.#folder, name), this.#positions.get(name) ?? 0, take));
    }
  }
}

async function logFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** @returns the position behind the last complete line */
async function readLines(path: string, from: number, take: (line: string) => void): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    // A file that shrank was begun anew.
    let position = from > size ? 0 : from;
    let rest = Buffer.alloc(0);
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position + rest.length);
      if (bytesRead === 0) return position;
      const text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = text.lastIndexOf(NEWLINE) + 1;
      for (const line of text.subarray(0, end).toString('utf8').split('\n')) if (line !== '') take(line);
      position += end;
      rest = text.subarray(end);
    }
  } finally {
    await file.close();
  }
}
