import { posix } from 'node:path';
import type { RangedFile } from '../store';
import type { Bucket } from './bucket';
import { readObject } from './reading';

/** An object of known size, read by ranges. */
export function openRemoteFile(bucket: Bucket, name: string, bytes: number): RangedFile {
  return {
    name: posix.basename(name),
    bytes,
    async read(start, length, signal, into = Buffer.allocUnsafeSlow(length)) {
      const buffer = into.subarray(0, length);
      let filled = 0;
      for await (const chunk of readObject(bucket, name, { start, end: start + length }, signal)) {
        buffer.set(chunk.subarray(0, length - filled), filled);
        filled += chunk.length;
      }
      return buffer;
    },
    close: () => Promise.resolve(),
  };
}
