import { identifier } from '../database';

/** Columns of a relation: SQL by name. Each may use the source's columns and those before it. */
export type Columns = Readonly<Record<string, string>>;

/**
 * SQL: a relation with the rows of a file and `ordinal`, which numbers them in the file's order. Reading takes one
 * thread then.
 *
 * Numbering comes last: the database moves filters down past everything else, and would then compute what they filter by
 * a second time.
 *
 * @param source - SQL of the file.
 * @param first - ordinal of the first row.
 */
export function numbered(source: string, columns: Columns, first = 0): string {
  return `(SELECT row_number() OVER () - 1 + ${first} AS ordinal, * FROM (SELECT ${listed(columns)} FROM ${source}))`;
}

/** SQL: the same relation with no value in `ordinal`. Reading takes all threads. */
export function unnumbered(source: string, columns: Columns): string {
  return `(SELECT NULL::BIGINT AS ordinal, ${listed(columns)} FROM ${source})`;
}

function listed(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, sql]) => `${sql} AS ${identifier(name)}`)
    .join(', ');
}
