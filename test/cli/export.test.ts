import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportCamtrapDp, exportEvents, sortPhotographs } from '../../cli/export';
import { PREDICTED_FILES, writePredictions } from '../lib/export/support/predictions';
import { temporaryFolder } from '../support/folders';
import { commandOutput } from './support/command';

const folder = temporaryFolder();
const printed = commandOutput(folder);
const predictions = (): string => join(folder(), 'card-predictions');

test('neither predictions nor a run to export', async () => {
  await expect(exportEvents(undefined, { output: folder() })).rejects.toMatchObject({ code: 'INDEX_MISSING' });
});

test('a descriptor that is no JSON object', async () => {
  await writePredictions(folder());
  const descriptor = join(folder(), 'descriptor.json');
  await writeFile(descriptor, '[]');
  const options = { output: join(folder(), 'package'), locations: '-2.33,34.83', utcOffset: 'Z', descriptor };
  await expect(exportCamtrapDp(predictions(), options)).rejects.toThrow('descriptor.json must hold a JSON object');
});

test('predictions without the photographs they are of cannot be sorted', async () => {
  await writePredictions(folder());
  await expect(sortPhotographs(predictions(), { output: join(folder(), 'sorted') })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('has no journal.jsonl') as string,
  });
});

test('says what was written where', async () => {
  await writePredictions(folder());
  const output = join(folder(), 'package');
  await exportCamtrapDp(predictions(), { output, locations: '-2.33,34.83', utcOffset: '+03:00' });
  await exportEvents(predictions(), { output });
  expect(printed()).toBe(
    `${join(output, 'datapackage.json')}: 2 deployments, 4 photographs, 3 observations\n` +
      `${join(output, 'events.csv')}: a row an event\n` +
      `${join(output, 'counts.csv')}: events by site, day and label\n`,
  );
});

test('sorts the folder that the journal names', async () => {
  await writePredictions(folder());
  const card = join(folder(), 'card');
  await writeFile(join(predictions(), 'journal.jsonl'), `${JSON.stringify({ model: 'm', folder: card })}\n`);
  for (const file of PREDICTED_FILES) {
    await mkdir(join(card, file, '..'), { recursive: true });
    await writeFile(join(card, file), file);
  }
  const output = join(folder(), 'sorted');
  await sortPhotographs(predictions(), { output, people: 0.5 });
  expect(printed()).toBe(`${output}: 3 photographs by class, 1 with people apart\n`);
  expect(await readFile(join(output, 'people/hill/h.jpg'), 'utf8')).toBe('hill/h.jpg');
});
