import { posix } from 'node:path';
import type { Mirror } from '../../contracts/catalog';
import type { RangeReader } from '../../zip/reader';
import { MirrorSource, type SourceOptions } from './mirrorSource';
import type { SourceFile } from './source';

export interface RemoteReader extends RangeReader {
  /** Bytes that came over the wire so far. */
  readonly receivedBytes: number;
  /** Whether no mirror is left, and one because it sent the whole file when asked for a part. */
  readonly rangesIgnored: boolean;
}

/** Reads byte ranges of a file from its mirrors; one that fails in the middle of a range is followed up by another. */
export function openRemoteReader(
  mirrors: readonly Mirror[],
  file: SourceFile,
  options: SourceOptions = {},
): RemoteReader {
  const ranged = file.at.filter((copy) => copy.ranges);
  const source = new MirrorSource(mirrors, file, ranged, options);
  return {
    name: posix.basename(file.path),
    bytes: file.bytes,
    async read(start, length, signal, into = Buffer.allocUnsafeSlow(length)) {
      const buffer = into.subarray(0, length);
      let filled = 0;
      const take = (chunk: Uint8Array): boolean => {
        buffer.set(chunk, filled);
        filled += chunk.length;
        return true;
      };
      while (filled < length) {
        await source.request({ range: { start: start + filled, end: start + length } }, take, signal);
      }
      return buffer;
    },
    get receivedBytes() {
      return source.receivedBytes;
    },
    get rangesIgnored() {
      return source.ignoringRanges.length > 0;
    },
    close: () => source.close(),
  };
}
