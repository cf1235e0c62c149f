import { SerengetiError, type ErrorCode } from '../contracts/errors';

/**
 * Parses JSON; an error says where.
 *
 * @param place - the file or address that the text came from
 * @throws SerengetiError with `code`, naming line and column, both from 1
 */
export function parseJsonText(text: string, place: string, code: ErrorCode): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    const { offset, expected } = firstFault(json);
    const before = json.slice(0, offset).split('\n');
    const [line, column] = [before.length, before.at(-1)!.length + 1];
    const found = offset >= json.length ? 'the end' : JSON.stringify(json.slice(offset, offset + 10).split('\n')[0]);
    throw new SerengetiError(
      code,
      `${place}, line ${line}, column ${column}: not JSON: expected ${expected}, found ${found}`,
      {
        cause: error,
        details: { place, line, column },
      },
    );
  }
}

/** What may come next, in the words of the message. */
type Expected =
  'a value' | 'a value or "]"' | 'a name' | 'a name or "}"' | '":"' | '"," or "]"' | '"," or "}"' | 'the end';

/** What a token does: it opens or closes a list or an object, completes a value, or only leads on to something. */
type Effect = 'open [' | 'open {' | 'close' | 'complete' | Expected;

type Rule = readonly [token: RegExp, effect: Effect];

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

const VALUE: readonly Rule[] = [
  [/\[/y, 'open ['],
  [/\{/y, 'open {'],
  [STRING, 'complete'],
  [SCALAR, 'complete'],
];

/** JSON (RFC 8259). V8 tells the place of some faults only, and differently from version to version. */
const GRAMMAR: Readonly<Record<Expected, readonly Rule[]>> = {
  'a value': VALUE,
  'a value or "]"': [...VALUE, [/\]/y, 'close']],
  'a name': [[STRING, '":"']],
  'a name or "}"': [
    [STRING, '":"'],
    [/\}/y, 'close'],
  ],
  '":"': [[/:/y, 'a value']],
  '"," or "]"': [
    [/,/y, 'a value'],
    [/\]/y, 'close'],
  ],
  '"," or "}"': [
    [/,/y, 'a name'],
    [/\}/y, 'close'],
  ],
  'the end': [],
};

function firstFault(text: string): { offset: number; expected: Expected } {
  const open: string[] = [];
  let expected: Expected = 'a value';
  let offset = lengthAt(SPACE, text, 0);
  for (;;) {
    const rule = GRAMMAR[expected].find(([token]) => lengthAt(token, text, offset) > 0);
    if (rule === undefined) return { offset, expected };
    offset += lengthAt(rule[0], text, offset);
    offset += lengthAt(SPACE, text, offset);
    expected = following(rule[1], open);
  }
}

function following(effect: Effect, open: string[]): Expected {
  switch (effect) {
    case 'open [':
      open.push('[');
      return 'a value or "]"';
    case 'open {':
      open.push('{');
      return 'a name or "}"';
    case 'close':
      open.pop();
      return afterValue(open);
    case 'complete':
      return afterValue(open);
    default:
      return effect;
  }
}

function afterValue(open: readonly string[]): Expected {
  if (open.length === 0) return 'the end';
  return open.at(-1) === '[' ? '"," or "]"' : '"," or "}"';
}

function lengthAt(token: RegExp, text: string, offset: number): number {
  token.lastIndex = offset;
  return token.test(text) ? token.lastIndex - offset : 0;
}
