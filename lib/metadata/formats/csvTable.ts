import type { CsvFile } from '../input/csvFile';
import type { StagingContext } from './staging';

/**
 * Makes a table of a CSV's rows. Rows that are no CSV go to the rejections.
 *
 * @param select - SQL after `CREATE TABLE … AS`, from a relation of the file's columns as text and `ordinal`.
 * @returns how many rows were left out
 */
export async function loadTable(
  table: string,
  file: CsvFile,
  select: (relation: string) => string,
  { database, scratch, rejections }: StagingContext,
): Promise<number> {
  let leftOut = 0;
  await file.load(
    database,
    scratch,
    (relation) => `CREATE OR REPLACE TABLE ${table} AS ${select(relation)}`,
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
