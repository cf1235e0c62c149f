import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPredictions, writeEventTables } from '../../../lib/export';
import { temporaryFolder } from '../../support/folders';
import { writePredictions } from './support/predictions';

const folder = temporaryFolder();

async function tables(): Promise<{ events: string[]; counts: string[] }> {
  const paths = await writeEventTables(await readPredictions(join(folder(), 'card-predictions')), folder());
  const lines = async (path: string): Promise<string[]> =>
    (await readFile(path, 'utf8')).trimEnd().split('\n').slice(1);
  return { events: await lines(paths.events), counts: await lines(paths.counts) };
}

test('a folder that holds no predictions', async () => {
  await expect(readPredictions(folder())).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('has no predictions.csv') as string,
  });
});

test('a row an event, with its span, and how many of each species passed at a site in a day', async () => {
  await writePredictions(folder());
  expect(await tables()).toEqual({
    events: [
      ',hill,2024-05-02,hill/h.jpg,2024-05-02T10:00:00,2024-05-02T10:00:00,1,human,0.8',
      ',river,2024-05-01,river/DCIM/100RECNX/a.jpg,2024-05-01T06:00:00,2024-05-01T06:00:02,2,zebra,0.9',
      ',river,2024-05-01,river/DCIM/100RECNX/c.jpg,2024-05-01T07:00:00,2024-05-01T07:00:00,1,empty,0.7',
    ],
    counts: [',hill,2024-05-02,human,1,1', ',river,2024-05-01,empty,1,1', ',river,2024-05-01,zebra,1,2'],
  });
});

test('an event without a time has no day; files that could not be read are no events; a site has the name of the folder', async () => {
  await writePredictions(folder(), [
    'a.jpg,a.jpg,,,zebra,0.9,,,0.05,0.05,0.9',
    'b.jpg,b.jpg,,,zebra,0.6,,,0.35,0.05,0.6',
    'c.jpg,,,,,,,The file is empty,,,',
  ]);
  expect(await tables()).toEqual({
    events: [',card,,a.jpg,,,1,zebra,0.9', ',card,,b.jpg,,,1,zebra,0.6'],
    counts: [',card,,zebra,2,2'],
  });
});
