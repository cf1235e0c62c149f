import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sortFolder, type SortInput } from '../../../lib/export';
import { listFiles } from '../../../lib/io/files';
import { temporaryFolder } from '../../support/folders';
import { PREDICTED_FILES, writePredictions } from './support/predictions';

const folder = temporaryFolder();

async function putPhotographs(files: readonly string[] = PREDICTED_FILES): Promise<void> {
  for (const file of files) {
    const path = join(folder(), 'card', file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file);
  }
}

const sort = (changes: Partial<SortInput> = {}) =>
  sortFolder({
    predictions: join(folder(), 'card-predictions'),
    photographs: join(folder(), 'card'),
    output: join(folder(), 'sorted'),
    ...changes,
  });

const sorted = async (): Promise<string[]> => (await listFiles(join(folder(), 'sorted'))).sort();

test('what is at the output already stays as it is', async () => {
  await writePredictions(folder());
  await mkdir(join(folder(), 'sorted'));
  await expect(sort()).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('is there already') as string,
  });
});

test('a photograph that is gone since is named, and no half of a folder appears', async () => {
  await writePredictions(folder());
  await putPhotographs();
  await rm(join(folder(), 'card', 'river/DCIM/101RECNX/b.jpg'));
  await expect(sort()).rejects.toThrow('river/DCIM/101RECNX/b.jpg is not there any more');
  expect(await readdir(folder())).toEqual(['card', 'card-predictions']);
});

test('a folder a class, people and what may be one apart, each photograph where it was below it', async () => {
  await writePredictions(folder());
  await putPhotographs();
  expect(await sort({ copy: true })).toEqual({ sorted: 2, people: 2, unsure: 0, unlabelled: 0 });
  expect(await sorted()).toEqual([
    'classes/zebra/river/DCIM/100RECNX/a.jpg',
    'classes/zebra/river/DCIM/101RECNX/b.jpg',
    'people/hill/h.jpg',
    'people/river/DCIM/100RECNX/c.jpg',
  ]);
});

test('links lead to the photographs, which stay where they are', async () => {
  await writePredictions(folder());
  await putPhotographs();
  await sort({ people: 0.5 });
  const link = join(folder(), 'sorted/classes/empty/river/DCIM/100RECNX/c.jpg');
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(link, 'utf8')).toBe('river/DCIM/100RECNX/c.jpg');
  expect(await readFile(join(folder(), 'card/river/DCIM/100RECNX/c.jpg'), 'utf8')).toBe('river/DCIM/100RECNX/c.jpg');
});

test('what the model is not sure of has a folder of its own; what could not be read has none', async () => {
  const rows = ['a.jpg,a.jpg,,,zebra,0.6,,,0.4,0,0.6', 'b.jpg,,,,,,,The file is empty,,,'];
  await writePredictions(folder(), rows);
  await putPhotographs(['a.jpg', 'b.jpg']);
  expect(await sort({ copy: true, minimum: 0.8 })).toEqual({ sorted: 0, people: 0, unsure: 1, unlabelled: 1 });
  expect(await sorted()).toEqual(['unsure/a.jpg']);
});

test('a class with signs that no folder may have', async () => {
  await writePredictions(
    folder(),
    ['a.jpg,a.jpg,,,a/..\\b: "?.,0.9,,,0,0,0'].map((row) => row.replace('a/..\\b: "?.', '"a/..\\b: ""?."')),
  );
  await putPhotographs(['a.jpg']);
  await sort({ copy: true });
  expect(await sorted()).toEqual(['classes/a-..-b- --/a.jpg']);
});
