import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Journal, type FramePrediction } from '../../../../lib/model/predict/journal';
import { temporaryFolder } from '../../../support/folders';
import { randomNumbers } from '../../../support/random';

const folder = temporaryFolder();

const owner = { model: 'model', folder: '/card1/DCIM' };

const prediction = (file: string): FramePrediction => ({
  file,
  bytes: 1,
  modified: 2,
  fingerprint: 'a1',
  outputs: [0.5],
  truncated: false,
});

test('calls that begin a journal at the same time share it', async () => {
  const random = randomNumbers(1);
  for (let round = 0; round < 100; round++) {
    const path = join(folder(), `${round}.jsonl`);
    const files = ['a.jpg', 'b.jpg', 'c.jpg'];
    await Promise.all(
      files.map(async (file) => {
        await sleep(4 * random());
        const journal = await Journal.open(path, owner);
        await journal.add([prediction(file)]);
        await journal.close();
      }),
    );
    const journal = await Journal.open(path, owner);
    for (const file of files) expect(journal.find(prediction(file))).toEqual(prediction(file));
    await journal.close();
  }
});

describe('a journal of another', () => {
  const path = () => join(folder(), 'journal.jsonl');

  beforeEach(async () => {
    const journal = await Journal.open(path(), owner);
    await journal.add([prediction('a.jpg')]);
    await journal.close();
  });

  test('folder: is refused and stays', async () => {
    await expect(Journal.open(path(), { ...owner, folder: '/card2/DCIM' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `${folder()} has the predictions for /card1/DCIM; those for /card2/DCIM go into a folder of their own`,
    });
    const journal = await Journal.open(path(), owner);
    expect(journal.find(prediction('a.jpg'))).toEqual(prediction('a.jpg'));
    await journal.close();
  });

  test('model: is begun anew', async () => {
    const journal = await Journal.open(path(), { ...owner, model: 'another' });
    expect(journal.find(prediction('a.jpg'))).toBeUndefined();
    await journal.close();
  });
});
