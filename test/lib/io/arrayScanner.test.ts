import { ArrayScanner, JsonSyntaxError, LONGEST_ELEMENT } from '../../../lib/io/arrayScanner';

interface Scanned {
  readonly lines: Record<string, string[]>;
  readonly counts: Record<string, number>;
  readonly spans: Record<string, [number, number][]>;
}

/** Scans a document in chunks of so many bytes, and collects what becomes of the wanted arrays. */
function scan(document: string | Buffer, chunkBytes = Infinity, members = ['a', 'b']): Scanned {
  const bodies = new Map<string, string>();
  const counts: Record<string, number> = {};
  const spans: Record<string, [number, number][]> = {};
  let passed = 0;
  const scanner = new ArrayScanner({
    members,
    body: (member, bytes, boundary, elements) => {
      bodies.set(member, (bodies.get(member) ?? '') + bytes.toString('latin1'));
      if (boundary > 0) {
        expect(bytes[boundary - 1]).toBe('\n'.charCodeAt(0));
        expect(elements).toBe(bodies.get(member)!.split('\n').length - 1);
      }
      passed += bytes.length;
    },
    element: (member, start, end) => (spans[member] ??= []).push([start, end]),
    end: (member, elements) => (counts[member] = elements),
  });
  const bytes = Buffer.from(document);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    scanner.write(Buffer.from(bytes.subarray(start, Math.min(bytes.length, start + chunkBytes))));
  }
  scanner.end();
  expect(passed).toBeLessThanOrEqual(bytes.length);
  const lines = [...bodies].map(([member, body]) => [member, Buffer.from(body, 'latin1').toString('utf8').split('\n')]);
  return { lines: Object.fromEntries(lines) as Scanned['lines'], counts, spans };
}

function failure(document: string, chunkBytes?: number): { message: string; offset: number } {
  try {
    scan(document, chunkBytes);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { message: error.message, offset: error.offset };
    throw error;
  }
  throw new Error('Expected a syntax error');
}

const DOCUMENT = JSON.stringify(
  {
    info: { text: '"],}{[\\', nested: [[], {}, [{ a: [1] }]] },
    a: [{ name: 'é "quoted" \\ \n\t', list: [1, [2, { three: [] }]] }, {}, [], 'text, with ] and }', 4.5, null, true],
    ' odd ': [1, 2],
    b: [{ last: 'ü' }],
    number: -1.5e3,
    empty: '',
  },
  undefined,
  2,
);

it.each([1, 2, 3, 5, 7, 16, 64, 1024])(
  'makes lines of the elements of wanted arrays, in chunks of %i bytes',
  (bytes) => {
    const { lines, counts } = scan(DOCUMENT, bytes);
    const parsed = JSON.parse(DOCUMENT) as Record<string, unknown[]>;

    expect(lines.a!.map((line) => JSON.parse(line) as unknown)).toEqual(parsed.a);
    expect(lines.b!.map((line) => JSON.parse(line) as unknown)).toEqual(parsed.b);
    expect(Object.keys(lines)).toEqual(['a', 'b']);
    expect(counts).toEqual({ a: 7, b: 1 });
  },
);

it('tells where each element lies', () => {
  const { spans } = scan(DOCUMENT, 11);

  expect(spans.a!.map(([start, end]) => Buffer.from(DOCUMENT).subarray(start, end).toString()).slice(1)).toEqual([
    '{}',
    '[]',
    '"text, with ] and }"',
    '4.5',
    'null',
    'true',
  ]);
});

it('leaves what is not strictly JSON to whoever reads the lines', () => {
  expect(scan('{"a":[{"count": NaN},-Infinity]}').lines.a).toEqual(['{"count": NaN}', '-Infinity']);
});

it('takes empty arrays, empty objects and a byte order mark', () => {
  expect(scan('\ufeff{ "a" : [ ] }').counts).toEqual({ a: 0 });
  expect(scan('{}').counts).toEqual({});
});

it.each([
  ['[]', 'unexpected "[", expected "{"', 0],
  ['{"a":[1]', 'the document ends too early', 8],
  ['{"a":[{"x":1]}', 'unexpected "]"', 12],
  ['{"a":[{"x":1}', 'the document ends too early', 13],
  ['{"a":[{"x":"open}]}', 'the string that begins here never ends', 11],
  ['{"a":[{"x":"line\nbreak"}]}', 'a line break or control character within a string', 16],
  ['{"a":[1,,2]}', 'unexpected ",", expected an element', 8],
  ['{"a":[1,]}', 'unexpected "]", expected an element', 8],
  ['{"a":[1 2]}', 'unexpected "2", expected "," or "]"', 8],
  ['{"a":{}}', '"a" must be an array', 5],
  ['{"a":[],"a":[]}', '"a" occurs twice', 12],
  ['{"x":}', 'unexpected "}", expected a value', 5],
  ['{"x":1,}', 'unexpected "}", expected the name of a member', 7],
  ['{x:1}', 'unexpected "x", expected the name of a member or "}"', 1],
  ['{"x" 1}', 'unexpected "1", expected ":"', 5],
  ['{"x":1} true', 'unexpected "t", expected the end of the document', 8],
  ['', 'the document ends too early', 0],
])('says what is wrong with %j, and at which byte, however it is cut', (document, message, offset) => {
  for (const bytes of [1, 3, Infinity]) expect(failure(document, bytes)).toEqual({ message, offset });
});

it('does not follow nesting without end', () => {
  expect(failure(`{"a":[${'['.repeat(1000)}`)).toEqual({ message: 'nested more than 256 deep', offset: 262 });
});

it('does not wait for the end of an element that is far too long', () => {
  const scanner = new ArrayScanner({ members: ['a'] });
  scanner.write(Buffer.from('{"a":["'));
  const write = (): void => {
    for (let written = 0; written <= LONGEST_ELEMENT; written += 1 << 20) scanner.write(Buffer.alloc(1 << 20, 'x'));
  };
  expect(write).toThrow(`this element is longer than ${LONGEST_ELEMENT} bytes`);
});
