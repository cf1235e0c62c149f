import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../../../../lib/metadata/database';
import { CsvFile } from '../../../../lib/metadata/input/csvFile';
import { numbered } from '../../../../lib/metadata/input/numbered';
import type { Rejection } from '../../../../lib/metadata/rejections';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();

async function written(content: string | Buffer): Promise<CsvFile> {
  const path = join(folder(), 'table.csv');
  await writeFile(path, content);
  return await CsvFile.open(path, 'table.csv');
}

async function load(content: string | Buffer): Promise<{ rows: object[]; bad: Rejection[]; file: CsvFile }> {
  const file = await written(content);
  const bad: Rejection[] = [];
  return await Database.use({}, async (database) => {
    await file.load(
      database,
      folder(),
      (source) => numbered(source, Object.fromEntries(file.header.map((column) => [column, column]))),
      (relation) => `CREATE OR REPLACE TABLE loaded AS SELECT * FROM ${relation}`,
      (rejection) => bad.push(rejection),
    );
    return { rows: await database.rows('SELECT * FROM loaded ORDER BY ordinal'), bad, file };
  });
}

it('reads quotes, empty cells, blank lines, Windows line ends and a byte order mark', async () => {
  const { rows, bad, file } = await load('\ufeffid,text\r\n1,"a ""b"", c"\r\n\r\n2,\r\n"3","two\r\nlines"\r\n4,last');

  expect(rows).toEqual([
    { ordinal: 0, id: '1', text: 'a "b", c' },
    { ordinal: 1, id: '2', text: null },
    { ordinal: 2, id: '3', text: 'two\r\nlines' },
    { ordinal: 3, id: '4', text: 'last' },
  ]);
  expect(bad).toEqual([]);
  expect(await file.places([1, 3])).toEqual(
    new Map([
      [1, { file: 'table.csv', line: 4 }],
      [3, { file: 'table.csv', line: 7 }],
    ]),
  );
});

it('leaves out rows with too few or too many cells, with line and cell', async () => {
  const { rows, bad, file } = await load('id,text\n1,a\n2\n3,c\n4,d,e\n5,f\n');

  expect(rows).toEqual([
    { ordinal: 0, id: '1', text: 'a' },
    { ordinal: 1, id: '3', text: 'c' },
    { ordinal: 2, id: '5', text: 'f' },
  ]);
  expect(bad).toEqual([
    { file: 'table.csv', line: 3, column: 2, reason: 'has 1 values where the header has 2', value: '2' },
    { file: 'table.csv', line: 5, column: 3, reason: 'has 3 values where the header has 2', value: '4,d,e' },
  ]);
  expect((await file.places([2])).get(2)).toEqual({ file: 'table.csv', line: 6 });
});

it('says where a quote is opened that is never closed', async () => {
  const { rows, bad } = await load('id,text\n1,a\n2,"b\n3,c\n');

  expect(rows).toEqual([{ ordinal: 0, id: '1', text: 'a' }]);
  expect(bad).toEqual([{ file: 'table.csv', line: 3, reason: 'a quote is opened and never closed', value: '' }]);
});

it('takes blanks around the names of columns for no part of them', async () => {
  expect((await written(' id ,text\t\n')).header).toEqual(['id', 'text']);
});

it('has no rows when there is only a header', async () => {
  expect((await load('id,text')).rows).toEqual([]);
});

it.each([
  ['', 'table.csv is empty; its first line must name the columns'],
  ['id,text,id\n', 'table.csv, line 1: column 3 repeats the name "id"'],
])('refuses the header of %j', async (content, message) => {
  await expect(written(content)).rejects.toMatchObject({ code: 'METADATA_INVALID', message });
});

it('names the columns that are missing', async () => {
  const file = await written('id,text\n');
  expect(() => file.requireColumns(['id', 'name', 'date'])).toThrow(
    'table.csv, line 1: there is no column "name", "date"; it has id, text',
  );
});
