import type { RangeReader } from '../../../../lib/seasons';

/** An archive in memory that notes what is read of it. */
export function memoryReader(
  bytes: Buffer,
  name = 'S1.zip',
): RangeReader & { readonly reads: readonly (readonly [start: number, length: number])[] } {
  const reads: [number, number][] = [];
  return {
    name,
    bytes: bytes.length,
    reads,
    read(start, length, _signal, into = Buffer.alloc(length)) {
      reads.push([start, length]);
      if (start < 0 || start + length > bytes.length) throw new RangeError(`${start}+${length} of ${bytes.length}`);
      bytes.copy(into, 0, start, start + length);
      return Promise.resolve(into.subarray(0, length));
    },
    close: () => Promise.resolve(),
  };
}
