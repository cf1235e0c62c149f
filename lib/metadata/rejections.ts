import { SerengetiError } from '../contracts/errors';
import { writeFileAtomic } from '../io/files';
import { csvLine } from '../io/csvText';

/** Where in a metadata file something is, from 1. Columns are characters in JSON, fields in CSV. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** A row of the metadata that cannot be used. */
export interface Rejection extends Place {
  readonly reason: string;
  readonly value: string;
  /** The season that the row belongs to, where it can be told. */
  readonly season?: string | undefined;
}

/** More bad rows than this share of all stop the work: then it is the file that is wrong, not a row. */
export const REJECTED_SHARE = 0.01;
/** As many bad rows never stop it, unless they are most of all. */
export const REJECTED_ALWAYS = 10;

const SHOWN = 3;
const VALUE_CHARACTERS = 200;

/** How many of so many rows may be bad: of a small table never most. */
export function allowedRejections(rows: number): number {
  return Math.min(Math.max(REJECTED_ALWAYS, Math.floor(rows * REJECTED_SHARE)), Math.floor(rows / 2));
}

/** The bad rows of metadata files, a row of a season's `rejected.csv` each. */
export class Rejections {
  readonly #list: Rejection[] = [];

  /** How many there are, of all seasons. */
  get count(): number {
    return this.#list.length;
  }

  /** Those of a season, and those that do not tell theirs, in the order of their files' names and rows. */
  of(season: string): Rejection[] {
    const rejections = this.#list.filter((rejection) => rejection.season === undefined || rejection.season === season);
    return rejections.sort(
      (a, b) =>
        compare(a.file, b.file) ||
        compare(a.line ?? 0, b.line ?? 0) ||
        compare(a.column ?? 0, b.column ?? 0) ||
        compare(a.reason, b.reason),
    );
  }

  add(rejection: Rejection): void {
    this.#list.push({ ...rejection, value: rejection.value.slice(0, VALUE_CHARACTERS) });
  }

  /**
   * @param rows - all rows of the file, bad ones included.
   * @param bad - how many of them are bad, when they were too many to list them all.
   * @throws SerengetiError METADATA_INVALID past the threshold, with the first of them
   */
  checkThreshold(file: string, rows: number, bad: number): void {
    if (bad <= allowedRejections(rows)) return;
    const shown = this.#list.filter((rejection) => rejection.file === file).slice(0, SHOWN);
    throw new SerengetiError(
      'METADATA_INVALID',
      `${file}: ${bad} of ${rows} rows cannot be used, more than the ${allowedRejections(rows)} that are left out:\n` +
        shown.map((rejection) => `  - ${describe(rejection)}`).join('\n'),
      { details: { file, rows, rejected: bad } },
    );
  }
}

function compare<T extends string | number>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Writes `rejected.csv`. */
export async function writeRejections(path: string, rejections: readonly Rejection[]): Promise<void> {
  const lines = rejections.map(({ file, line, column, reason, value }) =>
    csvLine([file, line?.toString() ?? '', column?.toString() ?? '', reason, value]),
  );
  await writeFileAtomic(path, `file,line,column,reason,value\n${lines.join('')}`);
}

/** `file, line 3, column 7`. */
export function describePlace({ file, line, column }: Place): string {
  return [file, line && `line ${line}`, column && `column ${column}`].filter(Boolean).join(', ');
}

function describe(rejection: Rejection): string {
  const value = rejection.value === '' ? '' : `: ${rejection.value.slice(0, VALUE_CHARACTERS)}`;
  return `${describePlace(rejection)}: ${rejection.reason}${value}`;
}
