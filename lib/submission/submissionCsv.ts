import { parse } from 'csv-parse/sync';
import { SerengetiError } from '../contracts/errors';

/** Rows and columns that a submission has to have, in their order: what `submission_format.csv` says. */
export interface SubmissionFormat {
  /** Name of the first column. */
  readonly index: string;
  readonly sequences: readonly string[];
  readonly columns: readonly string[];
}

/** A number with a point or an exponent, as both languages write floats. */
const FLOAT = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/;

/** The format file's text: its cells are zeros, as the competition's are. */
export function formatCsv({ index, sequences, columns }: SubmissionFormat): string {
  const rows = sequences.map((sequence) => [sequence, ...columns.map(() => '0')]);
  return csvText([[index, ...columns], ...rows]);
}

export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Checks a submission against its format.
 *
 * @returns the probabilities, a row a sequence
 * @throws SerengetiError SUBMISSION_INVALID at the first cell that is not as it should be
 */
export function parseSubmission(text: string, format: SubmissionFormat): number[][] {
  const [header = [], ...rows] = parse(text, { relaxColumnCount: true });
  expectSame(header, [format.index, ...format.columns], 'The header');
  expectSame(
    rows.map((row) => row[0] ?? ''),
    format.sequences,
    'The first column',
  );
  return rows.map((row, index) => probabilitiesOf(row, index + 2, header));
}

function expectSame(found: readonly string[], expected: readonly string[], what: string): void {
  const place = expected.findIndex((value, index) => found[index] !== value);
  if (place >= 0) {
    throw invalid(`${what} has "${found[place] ?? '(nothing)'}" at place ${place + 1}; expected "${expected[place]}"`);
  }
  if (found.length > expected.length) {
    throw invalid(`${what} has ${found.length} values; expected ${expected.length}`);
  }
}

function probabilitiesOf(row: readonly string[], line: number, header: readonly string[]): number[] {
  if (row.length !== header.length) throw invalid(`Line ${line} has ${row.length} fields; expected ${header.length}`);
  return row.slice(1).map((text, index) => {
    const value = Number(text);
    if (FLOAT.test(text) && /[.e]/.test(text) && value >= 0 && value <= 1) return value;
    throw invalid(`Line ${line}, column "${header[index + 1]}": "${text}" is no float of 0 to 1`);
  });
}

function invalid(problem: string): SerengetiError {
  return new SerengetiError('SUBMISSION_INVALID', `submission.csv: ${problem}`);
}
