import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateMetadata } from '../../simulator';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'metadata-'))));
afterEach(async () => rm(folder, { recursive: true }));

const rows = async (name: string): Promise<string[]> =>
  (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n').slice(1);

test('options are checked before anything is written', async () => {
  await expect(simulateMetadata(folder, { seasons: [['X', 0]] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('tables and JSON of the lengths asked for, sequences with people beside them in the JSON', async () => {
  const { files, reused } = await simulateMetadata(folder, {
    seasons: [
      ['S2', 3000],
      ['S10', 2000],
    ],
  });
  expect(reused).toBe(false);
  expect(files).toEqual([
    'train_metadata.csv',
    'train_labels.csv',
    'snapshotserengeti-v-2-0/SnapshotSerengetiS02.json.zip',
    'snapshotserengeti-v-2-0/SnapshotSerengetiS10.json.zip',
  ]);
  const labels = await rows('train_labels.csv');
  expect(Math.abs(labels.length - 5000)).toBeLessThan(40);
  const ids = labels.map((row) => row.slice(0, row.indexOf(',')));
  expect(ids).toEqual([...ids].sort());
  const frames = await rows('train_metadata.csv');
  expect(frames.length / labels.length).toBeCloseTo(2.7, 1);

  const json = execFileSync('unzip', ['-p', join(folder, files[2]!)], { maxBuffer: 1 << 28 }).toString();
  const { images } = JSON.parse(json.replaceAll(': NaN', ': null')) as { images: { seq_id: string; width: number }[] };
  const listed = new Set(images.map(({ seq_id }) => seq_id));
  const published = ids.filter((id) => id.startsWith('SER_S2#'));
  expect(listed.size).toBeGreaterThan(published.length);
  expect(published.every((id) => listed.has(id))).toBe(true);
  expect(images.some(({ width }) => width === 2048)).toBe(true);
});

test('images come in no order', async () => {
  await simulateMetadata(folder, { seasons: [['S1', 500]], csv: false });
  const archive = join(folder, 'snapshotserengeti-v-2-0/SnapshotSerengetiS01.json.zip');
  const json = execFileSync('unzip', ['-p', archive], { maxBuffer: 1 << 28 }).toString();
  const { images } = JSON.parse(json.replaceAll(': NaN', ': null')) as { images: { id: string }[] };
  const ids = images.map(({ id }) => id);
  expect(ids).not.toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
});

test('finished files are used again; stopped ones are gone on with', async () => {
  const request = {
    seasons: [
      ['S1', 400],
      ['S2', 400],
    ] as [string, number][],
  };
  const stop = new AbortController();
  const stopped = simulateMetadata(folder, request, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toThrow();
  const before = (await stat(join(folder, 'train_labels.csv'))).mtimeMs;
  expect((await simulateMetadata(folder, request)).reused).toBe(false);
  expect((await stat(join(folder, 'train_labels.csv'))).mtimeMs).toBe(before);
  expect((await simulateMetadata(folder, request)).reused).toBe(true);
});
