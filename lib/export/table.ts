import { open, type FileHandle } from 'node:fs/promises';
import { csvLine } from '../io/csvLine';
import { writeAtomic } from '../io/files';

const BUFFERED_CHARACTERS = 1 << 20;

/** A CSV under way. */
export class Table<Column extends string = string> {
  readonly #file: FileHandle;
  readonly #columns: readonly Column[];
  #text: string;

  constructor(file: FileHandle, columns: readonly Column[]) {
    this.#file = file;
    this.#columns = columns;
    this.#text = csvLine(columns);
  }

  /** Cells that a row lacks are empty. */
  async add(row: Readonly<Partial<Record<Column, string | number | undefined>>>): Promise<void> {
    this.#text += csvLine(this.#columns.map((column) => row[column] ?? ''));
    if (this.#text.length > BUFFERED_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    await this.#file.appendFile(this.#text);
    this.#text = '';
  }
}

/** Writes a CSV row by row; it appears whole or not at all. */
export async function writeTable<Column extends string>(
  path: string,
  columns: readonly Column[],
  fill: (table: Table<Column>) => Promise<void>,
): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      const table = new Table(file, columns);
      await fill(table);
      await table.flush();
    } finally {
      await file.close();
    }
  });
}
