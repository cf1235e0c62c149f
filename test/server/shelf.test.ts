import type { Manifest } from '../../lib/contracts/artifact';
import { Shelf } from '../../server/shelf';

/** A store whose listings are answered by hand. */
function store() {
  const asked: { answer: (keys: string[]) => void; fail: (error: Error) => void }[] = [];
  const list = (): Promise<Manifest[]> =>
    new Promise((resolve, reject) => {
      asked.push({ answer: (keys) => resolve(keys.map((key) => ({ key }) as Manifest)), fail: reject });
    });
  return { asked, list };
}

async function keys(listing: Promise<Manifest[]>): Promise<string[]> {
  return (await listing).map(({ key }) => key);
}

describe('the listing of a store that readers share', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  it('is made once for all who ask meanwhile, and again when it failed', async () => {
    const { asked, list } = store();
    const shelf = new Shelf({ list });
    const readers = [shelf.list('report'), shelf.list('report')];
    asked[0]!.fail(new Error('away'));
    for (const reader of readers) await expect(reader).rejects.toThrow('away');
    const reader = shelf.list('report');
    asked[1]!.answer(['a']);
    expect(await keys(reader)).toEqual(['a']);
  });

  it('is given as it is while a new one is made, which takes a tenth of the time at most', async () => {
    const { asked, list } = store();
    const shelf = new Shelf({ list });
    const first = shelf.list('report');
    jest.setSystemTime(10_000); // so long it took
    asked[0]!.answer(['a']);
    await first;
    jest.setSystemTime(109_000);
    await shelf.list('report');
    expect(asked).toHaveLength(1);
    jest.setSystemTime(111_000);
    expect(await keys(shelf.list('report'))).toEqual(['a']);
    expect(await keys(shelf.list('report'))).toEqual(['a']);
    expect(asked).toHaveLength(2);
    asked[1]!.answer(['b']);
    await Promise.resolve()
      .then(() => undefined)
      .then(() => undefined);
    expect(await keys(shelf.list('report'))).toEqual(['b']);
  });
});
