import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withModel } from '../../cli/modelSource';
import type { ModelRef, ModelSummary } from '../../lib/contracts/steps';
import { Registry } from '../../lib/registry';
import { openStore, produce } from '../../lib/store';
import { writeZip } from '../../lib/zip/writeZip';
import { candidate } from '../lib/registry/support';
import { flipBit } from '../support/flipBit';
import { temporaryFolder } from '../support/folders';
import { nextMillisecond } from '../support/waiting';

const folder = temporaryFolder();
const store = () => openStore(pathToFileURL(join(folder(), 'store', '/')).href);
const cardIn = (directory: string) => readFile(join(directory, 'model.json'), 'utf8');
const find = (where?: string) => withModel(where === undefined ? undefined : join(folder(), where), store(), cardIn);

async function putModel(directory: string, card: string): Promise<void> {
  await mkdir(join(folder(), directory, 'saved_model'), { recursive: true });
  await writeFile(join(folder(), directory, 'model.json'), card);
}

async function putZip(names: readonly string[]): Promise<void> {
  const entries = names.map((name) => ({ name, source: { text: `text of ${name}` } }));
  await writeZip(join(folder(), 'submission.zip'), entries);
}

async function train(seed: number): Promise<ModelRef> {
  const { ref } = await produce<ModelSummary>(store(), {
    recipe: { kind: 'model', step: 'trainHead', version: 1, params: { seed }, inputs: [] },
    work: async (draft) => {
      await writeFile(draft.path('model.json'), `seed ${seed}`);
      return { backbone: 'none', classes: 3, epochs: 1, trainFrames: 6, loss: 0.5 };
    },
  });
  return ref;
}

describe('no model', () => {
  test('in a store without one: it says how to come by one', async () => {
    await expect(find()).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining(join(folder(), 'store')),
      repair: expect.stringContaining('--model'),
    });
  });

  test('at a place that is not there', async () => {
    await expect(find('nowhere')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: `There is nothing at ${join(folder(), 'nowhere')}`,
    });
  });

  test('in a folder of something else', async () => {
    await mkdir(join(folder(), 'photographs'));
    await expect(find('photographs')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('has no model.json'),
    });
  });

  test('in a zip of something else', async () => {
    await putZip(['frames/a.jpg']);
    await expect(find('submission.zip')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('has no assets/model.json'),
    });
  });

  test('in a file that is no zip', async () => {
    await writeFile(join(folder(), 'submission.zip'), 'no zip');
    await expect(find('submission.zip')).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  test('in a zip that was cut short', async () => {
    await putZip(['assets/model.json', 'assets/labels.txt']);
    const path = join(folder(), 'submission.zip');
    await writeFile(path, (await readFile(path)).subarray(0, 60));
    await expect(find('submission.zip')).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });
});

test('the newest model of the store, where none is named', async () => {
  await train(1);
  await nextMillisecond(); // manifests carry the time
  await train(2);
  expect(await find()).toBe('seed 2');
});

test('the champion, where models are registered, whichever is the newest', async () => {
  const [first, second] = [await train(1), await train(2)];
  const registry = new Registry(store());
  for (const model of [first, second]) {
    const registered = candidate(model.key);
    await registry.register({ ...registered, artifacts: { ...registered.artifacts, model } });
  }
  await train(3);
  expect(await find()).toBe('seed 1');
  await registry.promote('m2', 'Better at night.');
  expect(await find()).toBe('seed 2');
  expect(await withModel(undefined, store(), (_, said) => Promise.resolve(said))).toMatch(/^m2, champion of .*: \//);
});

describe('a model that is not what was stored', () => {
  test('is refused, in the store and as a copy of what lies there', async () => {
    const path = fileURLToPath((await train(1)).uri);
    await cp(path, join(folder(), 'copy'), { recursive: true });
    for (const place of [path, join(folder(), 'copy')]) {
      await flipBit(join(place, 'model.json'));
      await expect(withModel(place, store(), cardIn)).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining(join(place, 'model.json')),
      });
    }
    await expect(find()).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });

  test('is refused as a submission.zip, too', async () => {
    const { ref } = await produce<{ sha256: string }>(store(), {
      recipe: { kind: 'submission', step: 'packageSubmission', version: 1, params: {}, inputs: [] },
      work: async (draft) => {
        await writeZip(draft.path('submission.zip'), [{ name: 'assets/model.json', source: { text: 'a card' } }]);
        return { sha256: '' };
      },
    });
    const zip = join(fileURLToPath(ref.uri), 'submission.zip');
    expect(await withModel(zip, store(), cardIn)).toBe('a card');
    // The time of an entry, which its CRC-32 says nothing of.
    await flipBit(zip, 10);
    await expect(withModel(zip, store(), cardIn)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

test.each([
  ['model', 'model'],
  ['model', 'model/saved_model'],
  ['submission/assets', 'submission'],
])('a model in %s is found by %s', async (place, where) => {
  await putModel(place, 'mine');
  expect(await find(where)).toBe('mine');
});

test('a submission.zip is unpacked for as long as it is needed, its programs left aside', async () => {
  await putZip(['main.py', 'assets/model.json', 'assets/saved_model/saved_model.pb']);
  let unpacked = '';
  await withModel(join(folder(), 'submission.zip'), store(), async (directory) => {
    unpacked = directory;
    expect(await cardIn(directory)).toBe('text of assets/model.json');
    expect(existsSync(join(directory, 'saved_model', 'saved_model.pb'))).toBe(true);
    expect(existsSync(join(directory, '..', 'main.py'))).toBe(false);
  });
  expect(existsSync(unpacked)).toBe(false);
});
