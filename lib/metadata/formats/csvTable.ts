import type { CsvFile } from '../input/csvFile';
import type { Columns } from '../input/numbered';
import type { StagingContext } from './staging';

/**
 * Makes a table of a CSV's rows: `ordinal` and these columns, made of the file's, which are text. Rows that are no CSV
 * go to the rejections.
 *
 * @param where - SQL: which rows are kept.
 * @returns how many rows were left out because they are no CSV
 */
export async function loadTable(
  table: string,
  file: CsvFile,
  columns: Columns,
  { database, scratch, rejections }: StagingContext,
  where = 'true',
): Promise<number> {
  let leftOut = 0;
  await file.load(
    database,
    scratch,
    columns,
    (rows) => `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${rows} WHERE ${where}`,
    (rejection) => {
      leftOut += 1;
      rejections.add(rejection);
    },
  );
  return leftOut;
}

/** SQL: a column as text, `NULL` where the file does not have it. */
export function optionalColumn(file: CsvFile, column: string): string {
  return file.header.includes(column) ? `"${column}"` : 'NULL::VARCHAR';
}
