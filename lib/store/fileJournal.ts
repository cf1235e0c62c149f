import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileAtomic, namesIn } from '../io/files';
import type { Journal } from './store';

const ENTRY = /^\d{8}\.json$/;

/** A journal in a folder: `00000000.json`, `00000001.json`, … A hard link claims a number, which only one writer can. */
export class FileJournal implements Journal {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(): Promise<string[]> {
    const entries = (await namesIn(this.#folder)).filter((name) => ENTRY.test(name)).sort();
    return await Promise.all(entries.map((name) => readFile(join(this.#folder, name), 'utf8')));
  }

  async append(position: number, entry: string): Promise<boolean> {
    return await createFileAtomic(this.placeOf(position), entry);
  }

  placeOf(position: number): string {
    return join(this.#folder, `${String(position).padStart(8, '0')}.json`);
  }
}
