import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Journal, type FramePrediction } from '../../../../lib/model/predict/journal';
import { temporaryFolder } from '../../../support/folders';
import { randomNumbers } from '../../../support/random';

const folder = temporaryFolder();

const prediction = (file: string): FramePrediction => ({
  file,
  bytes: 1,
  modified: 2,
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
        const journal = await Journal.open(path, 'model');
        await journal.add([prediction(file)]);
        await journal.close();
      }),
    );
    const journal = await Journal.open(path, 'model');
    for (const file of files) expect(journal.find(prediction(file))).toEqual(prediction(file));
    await journal.close();
  }
});
