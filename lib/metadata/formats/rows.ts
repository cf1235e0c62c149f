import { quoted } from '../database';
import { REJECTED_ALWAYS, allowedRejections } from '../rejections';
import { IS_OTHER_SEASON } from './names';
import type { RowSource, StagingContext } from './staging';

/** Where rows are checked, and where the bad ones go. */
export type CheckContext = Pick<StagingContext, 'database' | 'rejections' | 'seasons'>;

/** A rule that the rows of a table must keep. */
export interface RowCheck {
  /** With the columns ordinal and season. */
  readonly table: string;
  readonly source: RowSource;
  /** SQL: what is wrong with the row, `NULL` when nothing is. */
  readonly problem: string;
  /** SQL: the value that is wrong. */
  readonly value: string;
  /** Rows of the file that were left out before they came to the table. */
  readonly leftOut?: number;
}

interface BadRow {
  readonly ordinal: number;
  readonly problem: string;
  readonly value: string | null;
  /** Position in `seasons`. */
  readonly season: number | null;
}

/**
 * Moves the rows with a problem from the table to the rejections.
 *
 * @throws SerengetiError METADATA_INVALID when they are too many
 */
export async function rejectRows(
  { database, rejections, seasons }: CheckContext,
  { table, source, problem, value, leftOut = 0 }: RowCheck,
): Promise<void> {
  const checked = `(SELECT ordinal, if(${IS_OTHER_SEASON}, NULL, ${problem}) AS problem, ${value} AS value, season FROM ${table})`;
  const { rows, bad } = await database.row<{ rows: number; bad: number }>(
    `SELECT count(*) AS rows, count(problem) AS bad FROM ${checked}`,
  );
  if (bad > 0) {
    await source.number?.();
    const listed = bad + leftOut > allowedRejections(rows + leftOut) ? REJECTED_ALWAYS : bad;
    const found = await database.rows<BadRow>(
      `SELECT ordinal, problem, value::VARCHAR AS value, season FROM ${checked} WHERE problem IS NOT NULL
       ORDER BY ordinal LIMIT ${listed}`,
    );
    const places = await source.places(found.map(({ ordinal }) => ordinal));
    for (const row of found) {
      const place = places.get(row.ordinal) ?? { file: source.name };
      const season = row.season === null ? undefined : seasons[row.season];
      rejections.add({ ...place, reason: row.problem, value: row.value ?? '', season });
    }
  }
  rejections.checkThreshold(source.name, rows + leftOut, bad + leftOut);
  if (bad > 0) await database.run(`DELETE FROM ${table} WHERE NOT ${IS_OTHER_SEASON} AND (${problem}) IS NOT NULL`);
}

/**
 * Moves rows that repeat the key of an earlier one of their season to the rejections.
 *
 * @param key - name of the column that must not repeat itself.
 * @throws SerengetiError METADATA_INVALID when they are too many
 */
export async function rejectRepeated(
  context: CheckContext,
  table: string,
  key: string,
  source: RowSource,
): Promise<void> {
  await source.number?.();
  await context.database.run(`CREATE OR REPLACE TEMP TABLE repeated AS
    SELECT ordinal FROM ${table} QUALIFY row_number() OVER (PARTITION BY season, ${key} ORDER BY ordinal) > 1`);
  await rejectRows(context, {
    table,
    source,
    problem: `if(ordinal IN (SELECT ordinal FROM repeated), ${quoted(`${key} is listed twice`)}, NULL)`,
    value: key,
  });
}
