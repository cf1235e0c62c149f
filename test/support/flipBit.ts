import { readFile, writeFile } from 'node:fs/promises';

/** Flips the lowest bit of a byte of a file, as a disk does that forgets. @param at - its place; without it, in the middle */
export async function flipBit(path: string, at?: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at ?? bytes.length >> 1]! ^= 1;
  await writeFile(path, bytes);
}
