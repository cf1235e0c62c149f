import { forEachParallel } from '../../io/parallel';
import type { Journal } from '../store';
import type { Bucket } from './bucket';

const ENTRIES_AT_ONCE = 16;
const DIGITS = 8;

/** A journal in a bucket: an object an entry, created only where there is none, so that one writer gets a position. */
export class ObjectJournal implements Journal {
  readonly #bucket: Bucket;
  readonly #folder: string;

  constructor(bucket: Bucket, name: string) {
    this.#bucket = bucket;
    this.#folder = `journals/${name}/`;
  }

  async read(): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.#bucket.list(this.#folder)) names.push(name);
    const entries: string[] = [];
    await forEachParallel(names.keys(), ENTRIES_AT_ONCE, undefined, async (position, signal) => {
      entries[position] = (await this.#bucket.read(names[position]!, signal))!.toString('utf8');
    });
    return entries;
  }

  append(position: number, entry: string): Promise<boolean> {
    return this.#bucket.create(this.#nameOf(position), entry);
  }

  placeOf(position: number): string {
    return this.#bucket.uriOf(this.#nameOf(position));
  }

  #nameOf(position: number): string {
    return `${this.#folder}${String(position).padStart(DIGITS, '0')}.json`;
  }
}
