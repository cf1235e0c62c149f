import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCK_BYTES, PartialFile } from '../../../../lib/seasons/transfer/partialFile';
import type { SourceFile } from '../../../../lib/seasons/mirrors/source';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();
/** One block and a byte. */
const BYTES = BLOCK_BYTES + 1;
const SOURCE: SourceFile = { path: 'season.zip', bytes: BYTES, at: [{ mirror: 'a', ranges: true }], validator: 'v' };
const WHOLE = Buffer.alloc(BYTES, 'w');

describe('PartialFile, when several processes work on one file', () => {
  let store = '';
  let target = '';

  beforeEach(async () => {
    store = join(folder(), 'store');
    target = join(store, 'season.zip');
    await mkdir(store);
  });

  const openPartial = (): Promise<PartialFile | undefined> => PartialFile.open(target, SOURCE, () => undefined);

  async function begin(): Promise<PartialFile> {
    const partial = await openPartial();
    if (partial === undefined) throw new Error('the file is there already');
    return partial;
  }

  async function write(partial: PartialFile): Promise<void> {
    await partial.write(WHOLE.subarray(0, BLOCK_BYTES), 0);
    await partial.write(WHOLE.subarray(BLOCK_BYTES), BLOCK_BYTES);
  }

  async function partialPath(): Promise<string> {
    const names = await readdir(store);
    return join(
      store,
      names.find((name) => /\.tmp-part-[0-9a-f]+$/.test(name))!,
    );
  }

  test('the journal that another one is just about to begin is left alone', async () => {
    const before = await begin();
    await before.close();
    const path = await partialPath();
    for (const name of await readdir(store)) await rm(join(store, name));
    const underWay = `${path}.journal.tmp-1-0badcafe`;
    await writeFile(underWay, '{');
    const partial = await begin();
    await partial.close();
    expect(await readFile(underWay, 'utf8')).toBe('{');
  });

  test('one that comes when the file is finished opens nothing, and takes away what is left', async () => {
    const partial = await begin();
    await write(partial);
    await partial.close();
    await writeFile(target, WHOLE);
    expect(await openPartial()).toBeUndefined();
    expect(await readdir(store)).toEqual(['season.zip']);
  });

  test('what a journal says does not count for a file that is not there', async () => {
    const partial = await begin();
    await write(partial);
    await partial.close();
    const path = await partialPath();
    await rename(path, join(store, 'elsewhere'));
    const again = await begin();
    await again.close();
    expect([again.has(0), again.has(1)]).toEqual([false, false]);
  });

  test('a second one that finishes keeps the file of the first', async () => {
    const [first, second] = [await begin(), await begin()];
    await Promise.all([write(first), write(second)]);
    await first.finish();
    const { ino } = await stat(target);
    await second.finish();
    await Promise.all([first.close(), second.close()]);
    expect((await stat(target)).ino).toBe(ino);
    expect((await readFile(target)).equals(WHOLE)).toBe(true);
    expect(await readdir(store)).toEqual(['season.zip']);
  });

  test('a second one that finishes does not give the name to what a third one has just begun', async () => {
    const second = await begin();
    await write(second);
    const path = await partialPath();
    await rename(path, target);
    await writeFile(path, 'begun');
    await second.finish();
    await second.close();
    expect((await readFile(target)).equals(WHOLE)).toBe(true);
  });

  test('a file that was taken away altogether: SOURCE_CHANGED', async () => {
    const partial = await begin();
    await write(partial);
    await rename(await partialPath(), join(store, 'elsewhere'));
    await expect(partial.finish()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    await partial.close();
  });
});
