import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { SerengetiError } from '../../contracts/errors';
import { READ_BYTES, type Member } from './member';

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;

/** Members of a small zip of metadata, folders left out. */
export async function zipMembers(path: string, name: string): Promise<Member[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tailLength = Math.min(size, END_BYTES + LONGEST_COMMENT);
    const tail = Buffer.alloc(tailLength);
    await file.read(tail, 0, tailLength, size - tailLength);
    let end = tailLength - END_BYTES;
    while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end -= 1;
    if (end < 0) throw new SerengetiError('METADATA_INVALID', `${name} is not a zip, or is cut short`);
    const length = tail.readUInt32LE(end + 12);
    const directory = Buffer.alloc(length);
    await file.read(directory, 0, length, tail.readUInt32LE(end + 16));
    const members: Member[] = [];
    for (let at = 0; at + 46 <= length && directory.readUInt32LE(at) === ENTRY_SIGNATURE;) {
      const nameLength = directory.readUInt16LE(at + 28);
      const entryName = directory.toString('utf8', at + 46, at + 46 + nameLength);
      const method = directory.readUInt16LE(at + 10);
      const compressed = directory.readUInt32LE(at + 20);
      const offset = directory.readUInt32LE(at + 42);
      const header = Buffer.alloc(30);
      await file.read(header, 0, 30, offset);
      const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
      if (!entryName.endsWith('/')) {
        members.push({
          name: entryName,
          bytes: directory.readUInt32LE(at + 24),
          open: () => memberStream(path, start, compressed, method),
        });
      }
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return members;
  } finally {
    await file.close();
  }
}

function memberStream(path: string, start: number, length: number, method: number): Readable {
  const raw = createReadStream(path, { start, end: start + length - 1, highWaterMark: READ_BYTES });
  if (method === 0) return raw;
  const inflate = createInflateRaw({ chunkSize: READ_BYTES });
  raw.once('error', (error) => inflate.destroy(error));
  return raw.pipe(inflate);
}
