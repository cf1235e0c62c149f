import { fittingList } from '../../workflows/searchAttributes';

describe('a list in a search attribute', () => {
  it('keeps within what the server takes, and says how many it leaves out', () => {
    const seasons = Array.from({ length: 320 }, (_, i) => `SnapshotSérengeti_S${i}`);
    const list = fittingList(seasons);
    expect(Buffer.byteLength(JSON.stringify(list))).toBeLessThanOrEqual(2048);
    expect(list.slice(0, -1)).toEqual(seasons.slice(0, list.length - 1));
    expect(list.at(-1)).toBe(`and ${320 - (list.length - 1)} more`);
  });

  it('is whole where it fits', () => {
    expect(fittingList(['S1', 'S2'])).toEqual(['S1', 'S2']);
    expect(fittingList([])).toEqual([]);
  });
});
