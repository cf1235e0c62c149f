import { parseJsonText } from '../../../lib/io/jsonText';

const parse = (text: string): unknown => parseJsonText(text, 'own.json', 'CATALOG_INVALID');

describe('parseJsonText', () => {
  test('parses JSON, also behind a byte order mark', () => {
    expect(parse('\uFEFF{"a": [1, -2.5e3, "é\\n", true, null, {}, []]}')).toEqual({
      a: [1, -2500, 'é\n', true, null, {}, []],
    });
  });

  test.each([
    ['', 1, 1, 'expected a value, found the end'],
    ['{', 1, 2, 'expected a name or "}", found the end'],
    ['{"a" 1}', 1, 6, 'expected ":", found "1}"'],
    ['{"a": 1,\n}', 2, 1, 'expected a name, found "}"'],
    ['{"a": 1\n "b": 2}', 2, 2, 'expected "," or "}", found "\\"b\\": 2}"'],
    ['[1, 2,]', 1, 7, 'expected a value, found "]"'],
    ['[1 2]', 1, 4, 'expected "," or "]", found "2]"'],
    ['{"a": NaN}', 1, 7, 'expected a value, found "NaN}"'],
    ["{'a': 1}", 1, 2, 'expected a name or "}", found "\'a\': 1}"'],
    ['{"a": "open}', 1, 7, 'expected a value, found "\\"open}"'],
    ['{"a": "tab\t"}', 1, 7, 'expected a value, found "\\"tab\\t\\"}"'],
    ['{"a": 1}\n\nx', 3, 1, 'expected the end, found "x"'],
    ['{"a": [{"b": [}]}', 1, 15, 'expected a value or "]", found "}]}"'],
  ])('%j: line %i, column %i', (text, line, column, problem) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'CATALOG_INVALID',
        message: `own.json, line ${line}, column ${column}: not JSON: ${problem}`,
        details: { place: 'own.json', line, column },
      }),
    );
  });
});
