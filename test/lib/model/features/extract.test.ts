import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../../../../lib/contracts/errors';
import type { Progress, Warning } from '../../../../lib/contracts/progress';
import { readIds } from '../../../../lib/metadata';
import { extractFeatures, type FeaturesInput } from '../../../../lib/model/features/extract';
import { GROUP_FRAMES } from '../../../../lib/model/features/parts';
import { NpyFile } from '../../../../lib/model/npy';
import { flipBit } from '../../../support/flipBit';
import { temporaryFolder } from '../../../support/folders';
import { photograph, pickedFrame, PREPROCESSING, TINY_WIDTH, writeTinyBackbone } from '../support';
import { listFiles, scratchPath } from '../../../../lib/io/files';

const folder = temporaryFolder();
/** A few distinct photographs stand for as many frames as a test wants. */
let photographs: Buffer[];

beforeAll(async () => {
  photographs = await Promise.all(Array.from({ length: 7 }, (_, number) => photograph(number)));
});

beforeEach(async () => {
  await writeTinyBackbone(join(folder(), 'backbone'));
});

/** Which frames were read, and what each gives. */
class Photographs {
  readonly read: string[] = [];

  constructor(private readonly exceptions: Readonly<Record<string, Buffer | Error>> = {}) {}

  readonly readFrame = async (fileName: string): Promise<Buffer> => {
    this.read.push(fileName);
    const exception = this.exceptions[fileName];
    if (exception instanceof Error) throw exception;
    return exception ?? photographs[Number(/(\d+)\.JPG/.exec(fileName)![1]) % photographs.length]!;
  };
}

function input(draft: string, count: number, source: Photographs, rest: Partial<FeaturesInput> = {}): FeaturesInput {
  return {
    frames: Array.from({ length: count }, (_, number) => pickedFrame(number)),
    readFrame: source.readFrame,
    featureModelDirectory: join(folder(), 'backbone'),
    preprocessing: PREPROCESSING,
    directory: join(folder(), draft),
    ...rest,
  };
}

const bytesOf = (draft: string, file = 'features.npy') => readFile(join(folder(), draft, file));

async function rowsOf(draft: string): Promise<number[][]> {
  const file = await NpyFile.open(join(folder(), draft, 'features.npy'));
  const values = new Float32Array(file.rows * file.width);
  await file.readRows(0, values);
  await file.close();
  return Array.from({ length: file.rows }, (_, row) => [...values.subarray(row * file.width, (row + 1) * file.width)]);
}

describe('frames that cannot be used', () => {
  test('unreadable and corrupt ones are listed with the reason and left out', async () => {
    const source = new Photographs({
      [pickedFrame(1).fileName]: Buffer.from('nothing'),
      [pickedFrame(3).fileName]: new SerengetiError('ENTRY_CORRUPT', 'its CRC-32 is wrong, "ff"'),
    });
    const summary = await extractFeatures(input('draft', 6, source));
    expect(summary).toMatchObject({ frames: 4, width: TINY_WIDTH, unreadable: 2, truncated: 0, reused: 0 });
    expect((await bytesOf('draft', 'unreadable.csv')).toString().split('\n')).toEqual([
      'file_name,reason',
      'S1/A/0001.JPG,Input buffer contains unsupported image format',
      'S1/A/0003.JPG,"its CRC-32 is wrong, ""ff"""',
      '',
    ]);
    const ids = await readIds(join(folder(), 'draft', 'ids.parquet'));
    expect(ids.map(({ fileName }) => fileName)).toEqual([0, 2, 4, 5].map((number) => pickedFrame(number).fileName));
  });

  test('truncated ones are used and counted', async () => {
    const source = new Photographs({
      [pickedFrame(0).fileName]: photographs[0]!.subarray(0, photographs[0]!.length * 0.6),
    });
    const summary = await extractFeatures(input('draft', 2, source));
    expect(summary).toMatchObject({ frames: 2, truncated: 1, unreadable: 0 });
    const ids = await readIds(join(folder(), 'draft', 'ids.parquet'));
    expect(ids.map(({ truncated }) => truncated)).toEqual([true, false]);
  });

  test('one that should be there and is not stops the work', async () => {
    const source = new Photographs({ [pickedFrame(1).fileName]: new SerengetiError('FRAME_MISSING', 'not there') });
    await expect(extractFeatures(input('draft', 2, source))).rejects.toMatchObject({ code: 'FRAME_MISSING' });
  });

  test('a failing disk is no unreadable frame: the work stops', async () => {
    const source = new Photographs({ [pickedFrame(1).fileName]: new Error('EIO') });
    await expect(extractFeatures(input('draft', 3, source))).rejects.toThrow('EIO');
  });

  test('a folder without a SavedModel is named', async () => {
    const wrong = input('draft', 1, new Photographs(), { featureModelDirectory: join(folder(), 'nothing') });
    await expect(extractFeatures(wrong)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

describe('a call that was stopped', () => {
  const count = 2 * GROUP_FRAMES + 100;

  test('loses no finished group, and ends with the bytes of an undisturbed one', async () => {
    const source = new Photographs();
    const stop = new AbortController();
    const onProgress = ({ done }: Progress) => {
      if (done > GROUP_FRAMES + 50) stop.abort(new Error('stopped'));
    };
    await expect(extractFeatures(input('a', count, source), { signal: stop.signal, onProgress })).rejects.toThrow(
      'stopped',
    );

    const second = new Photographs();
    const seen: Progress[] = [];
    const summary = await extractFeatures(input('a', count, second), { onProgress: (progress) => seen.push(progress) });
    expect(second.read).toHaveLength(count - GROUP_FRAMES);
    expect(seen[0]).toMatchObject({ done: GROUP_FRAMES, reused: GROUP_FRAMES, total: count, unit: 'frames' });
    expect(seen.at(-1)).toMatchObject({ done: count, reused: GROUP_FRAMES });
    expect(summary.frames).toBe(count);

    await extractFeatures(input('b', count, new Photographs()), { batchSize: 7 });
    expect(await bytesOf('a')).toEqual(await bytesOf('b'));
    expect(await bytesOf('a', 'ids.parquet')).toEqual(await bytesOf('b', 'ids.parquet'));
    expect(await listFiles(join(folder(), 'a'))).toEqual(['features.npy', 'ids.parquet', 'unreadable.csv']);
  });

  test('does over a part that got damaged', async () => {
    const stop = new AbortController();
    const onProgress = ({ done }: Progress) => {
      if (done > GROUP_FRAMES) stop.abort(new Error('stopped'));
    };
    const work = { signal: stop.signal, onProgress };
    await expect(extractFeatures(input('a', count, new Photographs()), work)).rejects.toThrow('stopped');
    const part = join(scratchPath(join(folder(), 'a'), 'parts'), '000000.safetensors');
    await flipBit(part);
    const source = new Photographs();
    expect(await extractFeatures(input('a', count, source))).toMatchObject({ frames: count });
    expect(source.read).toHaveLength(count);
  });

  test('with everything written does nothing again', async () => {
    const first = await extractFeatures(input('a', 3, new Photographs()));
    const source = new Photographs();
    const { timing: _, ...summary } = await extractFeatures(input('a', 3, source));
    expect(first).toMatchObject(summary);
    expect(source.read).toEqual([]);
  });
});

test('two calls on the same draft at the same time both end well', async () => {
  const calls = [0, 1].map(() => extractFeatures(input('a', 700, new Photographs())));
  const [first, second] = await Promise.all(calls);
  expect(first).toMatchObject({ frames: 700 });
  expect(second).toMatchObject({ frames: 700 });
  expect(await rowsOf('a')).toHaveLength(700);
});

describe('earlier shards', () => {
  test('a frame of the same name with other bytes is computed anew', async () => {
    await extractFeatures(input('earlier', 3, new Photographs()));
    const frames = [pickedFrame(0), pickedFrame(1, { crc32: 77 }), pickedFrame(2, { crc32: null })];
    const summary = await extractFeatures(
      input('draft', 3, new Photographs(), { frames, earlier: [join(folder(), 'earlier')] }),
    );
    expect(summary).toMatchObject({ frames: 3, reused: 1 });
  });

  test('give the frames that they have: only the others are read', async () => {
    const earlier = new Photographs();
    await extractFeatures(input('earlier', 5, earlier, { frames: [1, 3, 4].map((number) => pickedFrame(number)) }));
    const source = new Photographs();
    const summary = await extractFeatures(input('draft', 6, source, { earlier: [join(folder(), 'earlier')] }));
    expect(source.read.sort()).toEqual([0, 2, 5].map((number) => pickedFrame(number).fileName));
    expect(summary).toMatchObject({ frames: 6, reused: 3 });
    await extractFeatures(input('whole', 6, new Photographs()));
    expect(await bytesOf('draft')).toEqual(await bytesOf('whole'));
  });

  test('that are damaged or of another width are warned of and left aside', async () => {
    await extractFeatures(input('earlier', 3, new Photographs()));
    const path = join(folder(), 'earlier', 'features.npy');
    await writeFile(path, (await readFile(path)).subarray(0, 150));
    const warnings: Warning[] = [];
    const directories = [join(folder(), 'earlier'), join(folder(), 'gone')];
    const source = new Photographs();
    const work = { onWarning: (warning: Warning) => warnings.push(warning) };
    await extractFeatures(input('draft', 3, source, { earlier: directories }), work);
    expect(source.read).toHaveLength(3);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]!.message).toContain('150 bytes');
  });
});

test('a photograph has the same row wherever it stands', async () => {
  await extractFeatures(input('draft', 3 * photographs.length, new Photographs()), { batchSize: 5 });
  const rows = await rowsOf('draft');
  rows.forEach((row, position) => expect(row).toEqual(rows[position % photographs.length]));
  expect(new Set(rows.map(String)).size).toBe(photographs.length);
});
