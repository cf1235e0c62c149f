import { PickleError, readPickle } from '../../../../lib/model/weights/pickle';
import type { PickleWorld } from '../../../../lib/model/weights/pickle';

/** Allows one call, `polite.greet(name)`, and knows one object outside. */
const world: PickleWorld = {
  global: (module, name) => {
    if (`${module}.${name}` !== 'polite.greet') throw new Error(`"${module}.${name}" is not allowed`);
    return 'greet';
  },
  call: (_callee, [name]) => `Good day, ${String(name)}`,
  persistent: (id) => ({ outside: id }),
};

const read = (...parts: (number | string)[]) => readPickle(assemble(...parts), 0, world).value;

/** Bytes as numbers, text as itself. */
function assemble(...parts: (number | string)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));
}

function refusal(...parts: (number | string)[]): { message: string; byte: number } {
  try {
    read(...parts);
  } catch (error) {
    if (error instanceof PickleError) return { message: error.message, byte: error.byte };
    throw error;
  }
  throw new Error('the pickle was read');
}

describe('a pickle is refused', () => {
  it('when it names something that its reader does not allow', () => {
    expect(refusal(0x80, 2, 'cposix\nsystem\n', 'U', 4, 'true', 0x85, 'R.')).toEqual({
      message: '"posix.system" is not allowed',
      byte: 2,
    });
  });

  it.each([
    ['an instance by class name', 0x69],
    ['an object of any class', 0x6f],
    ['a new object', 0x81],
    ['a global from the stack', 0x93],
    ['an extension code', 0x82],
    ['text in the old form', 0x53],
    ['an unknown opcode', 0xff],
  ])('when it uses %s', (_what, code) => {
    expect(refusal(0x80, 2, code, '.')).toEqual({
      message: `the opcode 0x${code.toString(16)} is not allowed`,
      byte: 2,
    });
  });

  it('when it is of another protocol', () => {
    expect(refusal(0x80, 4, 'N.').message).toBe('pickle protocol 4 instead of 2');
  });

  it('when it ends early, with the byte', () => {
    expect(refusal(0x80, 2, 'X', 200, 0, 0, 0, 'short')).toEqual({
      message: 'the file ends here: 200 more bytes announced, 5 left',
      byte: 2,
    });
    expect(refusal(0x80, 2, 'cno newline').message).toBe('the file ends within a name');
  });

  it('when its stack runs empty', () => {
    expect(refusal(0x80, 2, '.').message).toBe('the stack is empty');
    expect(refusal(0x80, 2, 0x86, '.').message).toBe('the stack is empty');
    expect(refusal(0x80, 2, 't.').message).toBe('the mark is missing');
    expect(refusal(0x80, 2, 'h', 7, '.').message).toBe('nothing was kept in slot 7');
  });

  it('when it changes something that is no container', () => {
    expect(refusal(0x80, 2, 'NNNs.').message).toBe('items for something that is not a dictionary');
    expect(refusal(0x80, 2, 'NNa.').message).toBe('items for something that is not a list');
    expect(refusal(0x80, 2, ']}b.').message).toBe('attributes for something that is not a dictionary');
  });

  it('when it calls without arguments', () => {
    expect(refusal(0x80, 2, 'cpolite\ngreet\n', 'NR.').message).toBe('a call without a tuple of arguments');
  });
});

describe('a pickle gives', () => {
  it('numbers, text, and the three constants', () => {
    expect(read(0x80, 2, 'K', 200, '.')).toBe(200);
    expect(read(0x80, 2, 'M', 0x10, 0x27, '.')).toBe(10_000);
    expect(read(0x80, 2, 'J', 0xff, 0xff, 0xff, 0xff, '.')).toBe(-1);
    expect(read(0x80, 2, 'G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0, '.')).toBe(0.5);
    expect(read(0x80, 2, 0x8a, 2, 0x00, 0x80, '.')).toBe(-32_768);
    expect(read(0x80, 2, 0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, '.')).toBe(2n ** 64n);
    expect(read(0x80, 2, 'X', 5, 0, 0, 0, 'zèbr', '.')).toBe('zèbr');
    expect(read(0x80, 2, 'N', 0x88, 0x89, 0x87, '.')).toEqual([null, true, false]);
  });

  it('lists, tuples and dictionaries, built at once or by items', () => {
    expect(read(0x80, 2, '](K', 1, 'K', 2, 'e.')).toEqual([1, 2]);
    expect(read(0x80, 2, ']K', 1, 'a.')).toEqual([1]);
    expect(read(0x80, 2, '(K', 1, 'K', 2, 't.')).toEqual([1, 2]);
    expect(read(0x80, 2, '}(U', 1, 'a', 'K', 1, 'U', 1, 'b', 'K', 2, 'u.')).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
  });

  it('the same object again from its memory', () => {
    const value = read(0x80, 2, ']q', 0, 'h', 0, 0x86, '.') as [unknown[], unknown[]];
    expect(value[0]).toBe(value[1]);
  });

  it('what its reader makes of calls and of objects kept outside', () => {
    expect(read(0x80, 2, 'cpolite\ngreet\n', 'U', 5, 'zebra', 0x85, 'R.')).toBe('Good day, zebra');
    expect(read(0x80, 2, 'K', 7, 'Q.')).toEqual({ outside: 7 });
  });

  it('its value and where it ends, from anywhere in the bytes', () => {
    const bytes = assemble('before', 0x80, 2, 'K', 9, '.', 'after');
    expect(readPickle(bytes, 6, world)).toEqual({ value: 9, end: 11 });
  });
});
