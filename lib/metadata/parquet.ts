import { writeAtomic } from '../io/files';
import { Database, identifier, quoted, type AppendedValue } from './database';

/** Fixed, so that the same rows give the same bytes. */
const OPTIONS = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880';

/** Writes the rows of a query in their order to a Parquet file that appears whole or not at all. */
export async function copyToParquet(database: Database, query: string, path: string): Promise<void> {
  await writeAtomic(path, (temporary) => database.run(`COPY (${query}) TO ${quoted(temporary)} (${OPTIONS})`));
}

/** The same as CSV with a header. */
export async function copyToCsv(database: Database, query: string, path: string): Promise<void> {
  await writeAtomic(path, (temporary) => database.run(`COPY (${query}) TO ${quoted(temporary)} (FORMAT csv, HEADER)`));
}

/** SQL: the rows of a Parquet file. */
export function parquet(path: string): string {
  return `read_parquet(${quoted(path)})`;
}

/** A column of a small Parquet file; `null` where there is no value. */
export interface ParquetColumn {
  readonly type: 'VARCHAR' | 'BOOLEAN' | 'INTEGER' | 'UINTEGER' | 'DOUBLE';
  readonly values: readonly AppendedValue[];
}

/** Writes columns of equal length to a Parquet file that appears whole or not at all. The order of rows is kept. */
export async function writeParquet(path: string, columns: Readonly<Record<string, ParquetColumn>>): Promise<void> {
  const lengths = new Set(Object.values(columns).map(({ values }) => values.length));
  if (lengths.size !== 1) throw new RangeError(`Expected columns of one length, got ${[...lengths].join(', ')}`);
  await Database.use({}, async (database) => {
    const definitions = Object.entries(columns).map(([name, { type }]) => `${identifier(name)} ${type}`);
    await database.run(`CREATE TABLE written (${definitions.join(', ')})`);
    await database.append(
      'written',
      Object.values(columns).map(({ values }) => values),
    );
    await copyToParquet(database, 'SELECT * FROM written', path);
  });
}

/** All rows of a small Parquet file, in their order. */
export async function readParquet<T extends object>(path: string): Promise<T[]> {
  return await Database.use({}, (database) => database.rows<T>(`SELECT * FROM ${parquet(path)}`));
}
