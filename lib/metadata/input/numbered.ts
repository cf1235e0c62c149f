import { identifier } from '../database';

/** Columns of a relation: SQL by name. */
export type Columns = Readonly<Record<string, string>>;

/**
 * SQL: a relation with the rows of a file and `ordinal`, which numbers them in the file's order.
 *
 * Numbering comes last: the database moves filters down past everything else, and would then compute what they filter by
 * a second time.
 *
 * @param source - SQL of the file.
 * @param columns - may use the source's columns, and each the ones before it.
 * @param first - ordinal of the first row.
 */
export function numbered(source: string, columns: Columns, first = 0): string {
  const computed = Object.entries(columns).map(([name, sql]) => `${sql} AS ${identifier(name)}`);
  return `(SELECT row_number() OVER () - 1 + ${first} AS ordinal, * FROM (SELECT ${computed.join(', ')} FROM ${source}))`;
}
