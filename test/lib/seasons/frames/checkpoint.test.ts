import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoint } from '../../../../lib/seasons/frames/checkpoint';
import { listFiles, scratchPath } from '../../../../lib/io/files';
import { flipBit } from '../../../support/flipBit';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();
const open = (plan = 'plan'): Promise<Checkpoint> => Checkpoint.open(folder(), join(folder(), 'frames'), plan);
const covered = (checkpoint: Checkpoint): number[] => [0, 1, 2, 3, 4].filter((run) => checkpoint.covers(run));

describe('Checkpoint', () => {
  let now = 0;

  beforeEach(() => {
    now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });

  afterEach(() => jest.restoreAllMocks());

  test('a first attempt has nothing to go on with', async () => {
    const checkpoint = await open();
    expect(checkpoint.resumed).toBe(false);
    expect(covered(checkpoint)).toEqual([]);
  });

  test('the runs of half a minute are noted down, up to the first that is not finished', async () => {
    const first = await open();
    await first.finished(1);
    await first.finished(0);
    now = 31_000;
    await first.finished(3);
    await first.finished(4);
    const second = await open();
    expect(second.resumed).toBe(true);
    expect(covered(second)).toEqual([0, 1]);
  });

  test('without a note, what is there is not trusted', async () => {
    await (await open()).finished(0);
    const second = await open();
    expect(second.resumed).toBe(true);
    expect(covered(second)).toEqual([]);
  });

  test('notes of another plan mean nothing', async () => {
    const first = await open();
    now = 31_000;
    await first.finished(0);
    expect(covered(await open())).toEqual([0]);
    expect(covered(await open('another plan'))).toEqual([]);
  });

  test('a note that lost a bit means nothing', async () => {
    const first = await open();
    now = 31_000;
    await first.finished(0);
    const note = scratchPath(folder(), 'extraction.json');
    await flipBit(note, (await readFile(note, 'utf8')).indexOf('1'));
    expect(covered(await open())).toEqual([]);
  });

  test('the note is no part of the result', async () => {
    const checkpoint = await open();
    now = 31_000;
    await checkpoint.finished(0);
    await writeFile(join(folder(), 'frames', 'a'), 'a');
    await checkpoint.complete();
    expect(await listFiles(folder())).toEqual(['frames/a']);
  });
});
