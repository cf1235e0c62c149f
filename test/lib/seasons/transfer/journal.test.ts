import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  commitLines,
  isSameSource,
  readJournal,
  startJournal,
  writtenLine,
} from '../../../../lib/seasons/transfer/journal';
import type { SourceFile } from '../../../../lib/seasons';
import { flipBit } from '../../../support/flipBit';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();
const path = (): string => join(folder(), 'season.zip.journal');

const FILE: SourceFile = {
  path: 'season.zip',
  bytes: 100,
  validator: '"1"',
  at: [
    { mirror: 'a', etag: '"1"', ranges: true },
    { mirror: 'b', lastModified: 'Mon', ranges: true },
  ],
};

const doneBlocks = async (): Promise<number[]> => {
  const journal = await readJournal(path(), 'this boot');
  return Array.from({ length: 10 }, (_, block) => block).filter((block) => journal!.isDone(block));
};

describe('the journal of a partial file', () => {
  test('there is none', async () => {
    expect(await readJournal(path(), 'this boot')).toBeUndefined();
  });

  test('rows of blocks are one line', async () => {
    await startJournal(path(), FILE, 10);
    await appendFile(path(), commitLines([3, 2, 7, 4]));
    await appendFile(path(), commitLines([9]));
    expect(commitLines([3, 2, 7, 4])).toMatch(/^\n\+2:3 \w{8}\n\+7:1 \w{8}\n$/);
    expect(await doneBlocks()).toEqual([2, 3, 4, 7, 9]);
  });

  test('what was written counts until the machine stops, what is on disk longer', async () => {
    await startJournal(path(), FILE, 10);
    await appendFile(path(), writtenLine(1, 'an earlier boot') + writtenLine(2, 'this boot') + commitLines([5]));
    expect(await doneBlocks()).toEqual([2, 5]);
  });

  test.each([
    ['a line of what was written, cut off', '?3:this b'],
    ['a line cut off', '+3:'],
    ['a line cut off, then another', `+3:${commitLines([])}`],
    ['a line that lost a bit', commitLines([3]).replace(':1', ':3')],
    ['zeros of a power cut', '\0\0\0\0'],
    ['a foreign line', 'hello\n'],
  ])('%s costs only itself', async (_, text) => {
    await startJournal(path(), FILE, 10);
    await appendFile(path(), commitLines([0]) + text);
    expect(await doneBlocks()).toEqual([0]);
  });

  test('what was cut off and gone on with claims nothing', async () => {
    await startJournal(path(), FILE, 10);
    // The line was `+3:25`, of which the last digit did not reach the disk.
    await appendFile(path(), `\n+3:2${commitLines([8])}`);
    expect(await doneBlocks()).toEqual([8]);
  });

  test('with another first line than was written it says nothing', async () => {
    await startJournal(path(), FILE, 10);
    await flipBit(path(), 30);
    expect(await readJournal(path(), 'this boot')).toBeUndefined();
    await writeFile(path(), '\0\0\0\n+0:5\n');
    expect(await readJournal(path(), 'this boot')).toBeUndefined();
  });

  describe('belongs to the file that the mirrors have now', () => {
    const head = { path: 'season.zip', bytes: 100, blockBytes: 10, at: FILE.at };
    const now = (change: Partial<SourceFile>): SourceFile => ({ ...FILE, ...change });

    test.each<[string, Partial<SourceFile>, boolean]>([
      ['when nothing changed', {}, true],
      ['when a mirror is away', { at: [FILE.at[1]!] }, true],
      ['when another mirror is there', { at: [...FILE.at, { mirror: 'c', etag: '"9"', ranges: true }] }, true],
      ['not when its size changed', { bytes: 101 }, false],
      ['not when its ETag changed', { at: [{ mirror: 'a', etag: '"2"', ranges: true }] }, false],
      ['not when its date changed', { at: [{ mirror: 'b', lastModified: 'Tue', ranges: true }] }, false],
    ])('%s', (_, change, same) => {
      expect(isSameSource(head, now(change))).toBe(same);
    });
  });
});
