import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelCardText, packageSubmission } from '../../../lib/submission';
import { openFileReader, readDirectory } from '../../../lib/seasons';
import { imaginedValidation } from '../report/support/validation';
import { COLOUR_CLASSES, photograph, writeColourModel } from './support/colourModel';

const DATA = { name: 'sample', licence: 'CDLA-Permissive-1.0', citation: 'Swanson et al. 2015' };

let directory: string;
let modelDirectory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'serengeti-package-'));
  modelDirectory = join(directory, 'model');
  await writeColourModel(modelDirectory);
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function entriesOf(zip: string) {
  const reader = await openFileReader(zip);
  try {
    const { entries } = await readDirectory(reader);
    return Array.from({ length: entries.length }, (_, index) => entries.at(index));
  } finally {
    await reader.close();
  }
}

test.each(['model.json', 'labels.txt', 'saved_model/saved_model.pb'])('refuses a model without %s', async (name) => {
  await rm(join(modelDirectory, name));
  await expect(packageSubmission({ modelDirectory, data: DATA, directory })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining(name),
  });
});

test('refuses labels that are not those of the model', async () => {
  await writeFile(join(modelDirectory, 'labels.txt'), [...COLOUR_CLASSES].reverse().join('\n'));
  await expect(packageSubmission({ modelDirectory, data: DATA, directory })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('different classes'),
  });
});

test('puts main.py at the root and the model under assets, without a folder around them', async () => {
  await packageSubmission({ modelDirectory, data: DATA, directory });
  const entries = await entriesOf(join(directory, 'submission.zip'));
  expect(entries.map(({ name }) => name)).toEqual([
    'assets/labels.txt',
    'assets/model-card.md',
    'assets/model.json',
    'assets/saved_model/saved_model.pb',
    'main.mjs',
    'main.py',
  ]);
});

test('gives the same bytes for the same model, at any time, in any time zone', async () => {
  const first = await packageSubmission({ modelDirectory, data: DATA, directory });
  const bytes = await readFile(join(directory, 'submission.zip'));
  await utimes(join(modelDirectory, 'model.json'), 1, 1);
  const zone = process.env.TZ;
  process.env.TZ = 'Africa/Dar_es_Salaam';
  try {
    const second = await packageSubmission({ modelDirectory, data: DATA, directory });
    expect(second).toEqual(first);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
  expect(bytes.equals(await readFile(join(directory, 'submission.zip')))).toBe(true);
});

test('leaves no half zip when it is stopped', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(packageSubmission({ modelDirectory, data: DATA, directory }, { signal })).rejects.toThrow('enough');
  await expect(readFile(join(directory, 'submission.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('describes the model: data, licence, citation, scores, limits, use', async () => {
  const validation = imaginedValidation({ classes: COLOUR_CLASSES });
  const card = JSON.parse(await readFile(join(modelDirectory, 'model.json'), 'utf8'));
  const text = modelCardText({ card, data: DATA, validation });
  expect(text).toContain('Trained on season S1 of sample.');
  expect(text).toContain('Licence of the data: CDLA-Permissive-1.0.');
  expect(text).toContain('Cite: Swanson et al. 2015.');
  expect(text).toContain('| Log loss, mean over sequences and classes | 0.0129 (0.0117 to 0.0146) |');
  for (const caution of validation.cautions) expect(text).toContain(`- ${caution}`);
  expect(text).toMatch(/^## Intended use$/m);
  expect(modelCardText({ card, data: DATA })).toContain('It was not validated on held-out seasons.');
});

test('runs what it packed on the sample, and records how that went', async () => {
  const sample = COLOUR_CLASSES.map((className) => ({
    sequence: `S3#A01#1#${className}`,
    frames: [
      { fileName: `S3/A01/${className}-1.JPG`, read: async () => undefined },
      { fileName: `S3/A01/${className}-2.JPG`, read: () => photograph(className) },
    ],
  }));
  const summary = await packageSubmission({ modelDirectory, data: DATA, sample, directory });
  const check = JSON.parse(await readFile(join(directory, 'check.json'), 'utf8'));
  expect(summary.checked).toMatch(/^ran on 4 sequences: main\.mjs with TensorFlow .*; main\.py with TensorFlow /);
  expect(check.programs.map((run: { program: string }) => run.program)).toEqual(['main.mjs', 'main.py']);
  expect(check.agreement.largestDifference).toBeLessThan(0.02);
  expect(check.agreement.sameTop).toBe(1);
  expect(check.projectedFrames).toBe(187_419);
});

test('does not call packaged what does not run', async () => {
  await writeFile(join(modelDirectory, 'saved_model', 'saved_model.pb'), 'not a graph');
  const sample = [{ sequence: 's1', frames: [{ fileName: 'a.JPG', read: () => photograph('zebra') }] }];
  await expect(packageSubmission({ modelDirectory, data: DATA, sample, directory })).rejects.toMatchObject({
    code: 'SUBMISSION_INVALID',
    message: expect.stringMatching(/main\.mjs` ended with status 1; its last lines were:/),
  });
});
