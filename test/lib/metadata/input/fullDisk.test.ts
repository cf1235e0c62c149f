import * as files from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../../../../lib/metadata/database';
import { CsvFile } from '../../../../lib/metadata/input/csvFile';
import { NdjsonParts } from '../../../../lib/metadata/input/ndjsonParts';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();

/** What is written beside the metadata finds no room. */
jest.mock('node:fs/promises', () => {
  const real = jest.requireActual<typeof files>('node:fs/promises');
  const open: typeof files.open = (path, flags) =>
    flags === 'wx' ? real.open('/dev/full', 'w') : real.open(path, flags);
  return { ...real, open };
});

it('is told of by the parts of a JSON array, with the place', async () => {
  const parts = new NdjsonParts(folder(), () => Promise.resolve());
  await expect(parts.write(Buffer.from('{"id":1}\n'), 0, 0)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining(join(folder(), 'part.ndjson')) as string,
  });
  await parts.discard();
});

it('is told of by the clean copy of a CSV, with the place', async () => {
  const path = join(folder(), 'table.csv');
  await files.writeFile(path, 'id,text\n1,a\n2\n');
  const file = await CsvFile.open(path, 'table.csv');
  const loading = Database.use({}, (database) =>
    file.load(
      database,
      folder(),
      (source) => source,
      (rows) => `CREATE TABLE loaded AS SELECT * FROM ${rows}`,
      () => undefined,
    ),
  );
  await expect(loading).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining(join(folder(), 'clean.csv')) as string,
  });
});
