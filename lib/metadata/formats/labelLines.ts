import { parse } from 'csv-parse/sync';
import { SerengetiError } from '../../contracts/errors';
import { quoted, type Database } from '../database';
import { asInvalid, type CsvFile } from '../input/csvFile';
import { numbered, unnumbered } from '../input/numbered';
import { seasonOfSequence, wantedRows } from './names';
import { rejectRows } from './rows';
import type { RowSource, Staged, StagingContext } from './staging';

/** Not in any text file, so that the database takes each line whole. */
const NO_DELIMITER = '\u0001';
const FIRST_LINE = 2;
const SHOWN_CHARACTERS = 40;
/** As people, pandas and Excel write it. */
const TRUTH: Readonly<Record<string, boolean>> = {
  '0': false,
  '0.0': false,
  false: false,
  '1': true,
  '1.0': true,
  true: true,
};

/**
 * Reads a CSV of `seq_id` and a column of 0 and 1 for each label into `label_sets`.
 *
 * The database splits each line only after the first cell: what follows, the pattern, is the same text in thousands of
 * lines, and csv-parse reads each such text once. That is five times faster than 54 columns.
 */
export async function readLabelLines(
  file: CsvFile,
  context: StagingContext,
): Promise<Pick<Staged, 'labelsOf' | 'labelRows'>> {
  const [sequenceColumn, ...labels] = file.header;
  if (sequenceColumn !== 'seq_id' || labels.length === 0) {
    throw new SerengetiError(
      'METADATA_INVALID',
      `${file.name}, line 1: the columns must be seq_id and one for each class, not ${file.header.join(', ')}`,
      { details: { file: file.name, line: 1 } },
    );
  }
  const { database } = context;
  await load(file, unnumbered, context);
  let numbering: Promise<void> | undefined;
  const labelRows: RowSource = {
    name: file.name,
    number: () => (numbering ??= load(file, numbered, context)),
    places: (ordinals) =>
      Promise.resolve(new Map(ordinals.map((ordinal) => [ordinal, { file: file.name, line: ordinal + FIRST_LINE }]))),
  };
  const patterns = await readPatterns(database, labels);
  const bad = [...patterns].flatMap(([pattern, { problem }]) => (problem === undefined ? [] : [{ pattern, problem }]));
  await database.run('CREATE OR REPLACE TEMP TABLE bad_patterns (pattern VARCHAR, problem VARCHAR)');
  await database.append('bad_patterns', [bad.map(({ pattern }) => pattern), bad.map(({ problem }) => problem)]);
  await rejectRows(context, {
    table: 'label_sets',
    source: labelRows,
    problem: `CASE WHEN sequence IS NULL THEN 'seq_id is empty' ELSE
      (SELECT problem FROM bad_patterns WHERE bad_patterns.pattern = label_sets.pattern) END`,
    value: 'sequence',
  });
  return { labelRows, labelsOf: (pattern) => patterns.get(pattern)?.labels ?? [] };
}

async function load(file: CsvFile, rows: typeof unnumbered, context: StagingContext): Promise<void> {
  const source = `read_csv(${quoted(file.path)}, header = true, auto_detect = false, columns = {line: 'VARCHAR'},
    delim = ${quoted(NO_DELIMITER)}, quote = '', escape = '')`;
  const quotedCell = `'^"((?:[^"]|"")*)",(.*)$'`;
  const columns = {
    sequence: `nullif(trim(CASE WHEN starts_with(line, '"') THEN replace(regexp_extract(line, ${quotedCell}, 1), '""', '"')
      ELSE substr(line, 1, instr(line, ',') - 1) END), '')`,
    pattern: `CASE WHEN starts_with(line, '"') THEN regexp_extract(line, ${quotedCell}, 2)
      ELSE substr(line, instr(line, ',') + 1) END`,
  };
  const withSeason = `(SELECT *, ${seasonOfSequence(context)} AS season FROM ${rows(source, columns)})`;
  try {
    await context.database.inParallel(`CREATE OR REPLACE TABLE label_sets AS
      SELECT * FROM ${withSeason} WHERE pattern IS NOT NULL AND ${wantedRows(context)}`);
  } catch (error) {
    throw asInvalid(error, file.name);
  }
}

interface Pattern {
  readonly labels: readonly string[];
  readonly problem?: string;
}

async function readPatterns(database: Database, labels: readonly string[]): Promise<Map<string, Pattern>> {
  const found = await database.rows<{ pattern: string }>('SELECT DISTINCT pattern FROM label_sets');
  return new Map(found.map(({ pattern }) => [pattern, readPattern(pattern, labels)]));
}

function readPattern(pattern: string, labels: readonly string[]): Pattern {
  const cells = cellsOf(pattern);
  if (cells === undefined) return { labels: [], problem: 'is not CSV' };
  if (cells.length !== labels.length) {
    return { labels: [], problem: `has ${cells.length + 1} values where the header has ${labels.length + 1}` };
  }
  const values = cells.map((cell) => TRUTH[cell.trim().toLowerCase()]);
  const wrong = values.indexOf(undefined);
  if (wrong !== -1) {
    const value = JSON.stringify(cells[wrong]!.slice(0, SHOWN_CHARACTERS));
    return { labels: [], problem: `${labels[wrong]} must be 0 or 1, not ${value}` };
  }
  return { labels: labels.filter((_, position) => values[position]) };
}

function cellsOf(pattern: string): string[] | undefined {
  try {
    const rows: string[][] = parse(pattern);
    return rows[0] ?? [''];
  } catch {
    // What is wrong with the row is told with its line.
    return undefined;
  }
}
