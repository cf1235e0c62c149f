import { Readable } from 'node:stream';
import { topLevelValue } from '../../../lib/io/topLevelValue';

const find = (json: string, pieces = 1, most = 1_000): Promise<string | undefined> => {
  const bytes = Buffer.from(json);
  const size = Math.ceil(bytes.length / pieces);
  const chunks = Array.from({ length: pieces }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  return topLevelValue(Readable.from(chunks), 'categories', most);
};

describe('topLevelValue', () => {
  test.each([
    ['at the beginning', '{"categories": [{"id": 0, "name": "é"}], "images": []}'],
    ['at the end', '{"images": [], "count": 3, "categories": [{"id": 0, "name": "é"}]}'],
    [
      'behind what is no JSON',
      '{"annotations": [{"count": NaN}], "x": NaN, "categories" :\n [{"id": 0, "name": "é"}]}',
    ],
    ['behind deeper ones', '{"info": {"categories": [1]}, "categories": [{"id": 0, "name": "é"}]}'],
    [
      'behind strings that look like it',
      '{"a": "\\"categories\\": [2]", "b": "categories", "c": [3], "categories": [{"id": 0, "name": "é"}]}',
    ],
  ])('finds the value %s, however the bytes come', async (_, json) => {
    for (const pieces of [1, 2, 7, json.length]) expect(await find(json, pieces)).toBe('[{"id": 0, "name": "é"}]');
  });

  test.each(['{}', '[]', '{"categories": 3}', '{"images": [{"categories": []}]}', '{"categories": ['])(
    '%s has none',
    async (json) => {
      expect(await find(json)).toBeUndefined();
    },
  );

  test('stops reading once it has it', async () => {
    const source = new Readable({
      read() {
        this.push('{"categories": [], ');
      },
    });
    expect(await topLevelValue(source, 'categories', 100)).toBe('[]');
    expect(source.destroyed).toBe(true);
  });

  test('a value beyond all measure is an error', async () => {
    await expect(find(`{"categories": [${'1,'.repeat(1_000)}1]}`)).rejects.toThrow('longer than 1000 bytes');
  });
});
