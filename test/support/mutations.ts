import fc from 'fast-check';

/** What accidents and attackers do to a file, places and lengths as shares of what is there. */
type Change =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'overwrite'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'cut'; readonly at: number };

/** Limits of integers of one to eight bytes, and what means something in text. */
const TELLING = [
  ...['00', 'ff', '7f', '80', 'ffff', 'ff7f', '0000', 'ffffffff', 'ffffff7f', '00000080', '0'.repeat(16)],
  ...['f'.repeat(16), `${'f'.repeat(14)}7f`],
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
const WORDS = [
  '"',
  '\n',
  '\r\n',
  ',',
  '{',
  '[',
  ']',
  '}',
  '\\',
  '../',
  '\0',
  'NaN',
  '1e999',
  '-1',
  'null',
  "'",
  '\ufeff',
];

const share = fc.double({ min: 0, max: 1, noNaN: true });
const length = share.map((value) => value ** 3);
const bytes = fc.oneof(
  fc.constantFrom(...TELLING, ...WORDS.map((word) => Uint8Array.from(Buffer.from(word)))),
  fc.uint8Array({ minLength: 1, maxLength: 64 }),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: share, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('overwrite' as const), at: share, bytes }),
  fc.record({ kind: fc.constant('insert' as const), at: share, bytes }),
  fc.record({ kind: fc.constant('remove' as const), at: share, length }),
  fc.record({ kind: fc.constant('repeat' as const), at: share, length }),
  fc.record({ kind: fc.constant('cut' as const), at: share }),
);

function changed(file: Buffer, one: Change): Buffer {
  const at = Math.min(file.length, Math.floor(one.at * (file.length + 1)));
  const [before, after] = [file.subarray(0, at), file.subarray(at)];
  const stretch = 'length' in one ? Math.floor(one.length * after.length) : 0;
  switch (one.kind) {
    case 'flip': {
      const copy = Buffer.from(file);
      if (at < copy.length) copy[at]! ^= 1 << one.bit;
      return copy;
    }
    case 'overwrite':
      return Buffer.concat([before, one.bytes, after.subarray(one.bytes.length)]);
    case 'insert':
      return Buffer.concat([before, one.bytes, after]);
    case 'remove':
      return Buffer.concat([before, after.subarray(stretch)]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, stretch), after]);
    case 'cut':
      return before;
  }
}

/** Files that were this one once, up to five changes away. */
export function mutationsOf(file: Buffer): fc.Arbitrary<Buffer> {
  return fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) => changes.reduce(changed, file));
}
