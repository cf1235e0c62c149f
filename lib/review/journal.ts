import { open, type FileHandle } from 'node:fs/promises';
import { createFileAtomic } from '../io/files';
import { asRefusal } from '../io/systemErrors';
import { recordSchema, type Mark, type ReviewRecord } from './mark';

/** Its name within the folder of results. */
export const REVIEWS_FILE = 'reviews.jsonl';

const CHUNK_BYTES = 1 << 20;
const LINE_BREAK = 0x0a;

interface Waiting {
  readonly record: ReviewRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * All that people ever said of the sequences of a folder, a line a mark. Lines are only ever added. One that a crash cut
 * short was never acknowledged; it is passed over. Of what is told of a line, the file is the only source, so that several
 * processes that review the same folder see each other's marks.
 */
export class ReviewJournal {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #take: (record: ReviewRecord) => void;
  /** Bytes of whole lines that were read. */
  #read = 0;
  #unreadable = 0;
  #endsTorn = false;
  #waiting: Waiting[] = [];
  #work: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, take: (record: ReviewRecord) => void) {
    this.#path = path;
    this.#file = file;
    this.#take = take;
  }

  /** @param take - told of every mark, in the order of the file */
  static async open(path: string, take: (record: ReviewRecord) => void): Promise<ReviewJournal> {
    await createFileAtomic(path, '');
    const journal = new ReviewJournal(path, await openFor(path), take);
    await journal.#catchUp();
    const { size } = await journal.#file.stat();
    journal.#endsTorn = size > journal.#read;
    return journal;
  }

  /** Lines that are no marks: cut short by a crash, or damaged. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /**
   * Resolves when the mark is on disk. Those that come while the disk is busy go there together.
   *
   * @throws SerengetiError DISK_FULL and others of the system; the mark is not saved then
   */
  async append(mark: Mark): Promise<ReviewRecord> {
    const record = { ...mark, at: new Date().toISOString() };
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      void this.#next(() => this.#flush());
    });
    return record;
  }

  /** Reads what other processes have added. */
  async refresh(): Promise<void> {
    await this.#next(() => this.#catchUp());
  }

  async close(): Promise<void> {
    await this.#next(() => this.#file.close());
  }

  /** One after the other. What fails rejects its own promise and stops nothing after it. */
  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting.splice(0);
    if (batch.length === 0) return;
    try {
      const lines = batch.map(({ record }) => `${JSON.stringify(record)}\n`).join('');
      const text = this.#endsTorn ? `\n${lines}` : lines;
      this.#endsTorn = true;
      await this.#file.appendFile(text);
      await this.#file.sync();
      this.#endsTorn = false;
      await this.#catchUp();
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const refusal = asRefusal(error, this.#path);
      for (const { reject } of batch) reject(refusal);
    }
  }

  async #catchUp(): Promise<void> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, this.#read + rest.length);
      if (bytesRead === 0) return;
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(LINE_BREAK) + 1;
      for (const line of bytes.toString('utf8', 0, end).split('\n')) this.#readLine(line);
      this.#read += end;
      rest = bytes.subarray(end);
    }
  }

  #readLine(line: string): void {
    if (line === '') return;
    const record = recordIn(line);
    if (record === undefined) this.#unreadable += 1;
    else this.#take(record);
  }
}

async function openFor(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a+');
  } catch (error) {
    throw asRefusal(error, path);
  }
}

function recordIn(line: string): ReviewRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
