import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labelFolder } from '../../examples/labelFolder';
import { photograph, tinyCard, writeTinyClassifier } from '../lib/model/support';
import { temporaryFolder } from '../support/folders';

const folder = temporaryFolder();

it('says what is no model', async () => {
  await mkdir(join(folder(), 'photographs'));
  await writeFile(join(folder(), 'photographs', '1.jpg'), await photograph(1));
  const labelling = labelFolder(join(folder(), 'photographs'), join(folder(), 'none'), join(folder(), 'labels'));
  await expect(labelling).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

it('labels a folder, and the second time only what is new', async () => {
  const [photographs, model, labels] = ['photographs', 'model', 'labels'].map((name) => join(folder(), name)) as [
    string,
    string,
    string,
  ];
  await writeTinyClassifier(model, tinyCard());
  await mkdir(photographs);
  for (const n of [1, 2]) await writeFile(join(photographs, `${n}.jpg`), await photograph(n));
  expect(await labelFolder(photographs, model, labels)).toMatchObject({ photographs: 2, failed: 0, reused: 0 });
  await writeFile(join(photographs, '3.jpg'), await photograph(3));
  const { csv, reused } = await labelFolder(photographs, model, labels);
  expect(reused).toBe(2);
  expect((await readFile(csv, 'utf8')).trim().split('\n')).toHaveLength(1 + 3);
});
