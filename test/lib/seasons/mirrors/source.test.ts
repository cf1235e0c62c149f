import { sourceVersions, type SourceFile } from '../../../../lib/seasons';

describe('sourceVersions', () => {
  const file = (path: string, versions: Readonly<Record<string, string>>): SourceFile => ({
    path,
    bytes: 1,
    validator: Object.values(versions)[0]!,
    at: Object.entries(versions).map(([name, etag]) => ({ mirror: name, etag, ranges: true })),
  });

  test('one a mirror that has all the files; another mirror away or back changes none', () => {
    const all = sourceVersions([file('x', { a: '"1"', b: '"2"' }), file('y', { a: '"3"', b: '"4"' })]);
    expect(all).toHaveLength(2);
    expect(all.every((version) => /^[0-9a-f]{32}$/.test(version))).toBe(true);
    expect(sourceVersions([file('x', { b: '"2"' }), file('y', { b: '"4"' })])).toEqual([all[1]]);
    expect(sourceVersions([file('x', { a: '"1"', b: '"2"' }), file('y', { b: '"4"' })])).toEqual([all[1]]);
  });

  test('another ETag is another version', () => {
    expect(sourceVersions([file('x', { a: '"1"' })])).not.toEqual(sourceVersions([file('x', { a: '"2"' })]));
  });
});
