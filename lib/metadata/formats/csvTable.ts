import type { CsvFile } from '../input/csvFile';
import { numbered, unnumbered, type Columns } from '../input/numbered';
import type { Place } from '../rejections';
import type { RowSource, StagingContext } from './staging';

/** A table of a CSV's rows: `ordinal` and columns made of the file's, which are text. */
export class CsvTable implements RowSource {
  /** Rows that are no CSV; they are in the rejections, not in the table. */
  leftOut = 0;
  readonly #table: string;
  readonly #file: CsvFile;
  readonly #columns: Columns;
  readonly #where: string;
  readonly #context: StagingContext;
  #numbering: Promise<void> | undefined;

  /** @param where - SQL: which rows are kept. */
  constructor(table: string, file: CsvFile, columns: Columns, context: StagingContext, where = 'true') {
    this.#table = table;
    this.#file = file;
    this.#columns = columns;
    this.#context = context;
    this.#where = where;
  }

  get name(): string {
    return this.#file.name;
  }

  /** Makes the table without ordinals, which is faster. */
  async load(): Promise<void> {
    await this.#load((source) => unnumbered(source, this.#columns));
  }

  /** Makes the table with ordinals; a table that has them already stays as it is. */
  number(): Promise<void> {
    this.#numbering ??= this.#load((source) => numbered(source, this.#columns));
    return this.#numbering;
  }

  places(ordinals: readonly number[]): Promise<Map<number, Place>> {
    return this.#file.places(ordinals);
  }

  async #load(rows: (source: string) => string): Promise<void> {
    const { database, scratch, rejections } = this.#context;
    await this.#file.load(
      database,
      scratch,
      rows,
      (relation) => `CREATE OR REPLACE TABLE ${this.#table} AS SELECT * FROM ${relation} WHERE ${this.#where}`,
      (rejection) => {
        this.leftOut += 1;
        rejections.add(rejection);
      },
    );
  }
}

/** SQL: a column as text, `NULL` where the file does not have it. */
export function optionalColumn(file: CsvFile, column: string): string {
  return file.header.includes(column) ? `"${column}"` : 'NULL::VARCHAR';
}
