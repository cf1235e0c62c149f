import { checkedLine, textOfLine } from '../../io/checkedLine';
import { makeFolder, pathExists, readFileIfThere, scratchPath, writeFileAtomic } from '../../io/files';
import { syncTree } from './durability';

const EVERY_MS = 30_000;

interface Note {
  readonly runs: number;
  readonly plan: string;
}

/**
 * How far an extraction is on disk, beyond doubt. Syncing every frame would cost more than extracting it; so the file
 * system is synced now and then, and only then is it noted down which stretches of the archives that covers.
 */
export class Checkpoint {
  /** Whether an earlier attempt left something. */
  readonly resumed: boolean;
  readonly #file: string;
  readonly #frames: string;
  readonly #plan: string;
  readonly #covered: number;
  /** Finished runs above the first unfinished one. */
  readonly #ahead = new Set<number>();
  #finished = 0;
  #last = performance.now();
  #saving: Promise<void> | undefined;

  private constructor(file: string, frames: string, plan: string, resumed: boolean, covered: number) {
    this.#file = file;
    this.#frames = frames;
    this.#plan = plan;
    this.resumed = resumed;
    this.#covered = covered;
  }

  /** @param plan - how the archives are cut into runs; notes of another plan are not used */
  static async open(directory: string, frames: string, plan: string): Promise<Checkpoint> {
    const file = scratchPath(directory, 'extraction.json');
    const resumed = await pathExists(frames);
    await makeFolder(frames);
    return new Checkpoint(file, frames, plan, resumed, resumed ? await readCovered(file, plan) : 0);
  }

  /** Whether all frames of the run were synced by an earlier attempt. */
  covers(run: number): boolean {
    return run < this.#covered;
  }

  /** Notes a finished run; saves now and then. One save at a time; extraction goes on meanwhile. */
  async finished(run: number): Promise<void> {
    this.#ahead.add(run);
    while (this.#ahead.delete(this.#finished)) this.#finished++;
    const due = performance.now() - this.#last >= EVERY_MS;
    if (!due || this.#saving !== undefined || this.#finished <= this.#covered) return;
    this.#last = performance.now();
    this.#saving = this.#save(this.#finished);
    try {
      await this.#saving;
    } finally {
      this.#saving = undefined;
    }
  }

  /** Everything is extracted: syncs it. */
  async complete(): Promise<void> {
    await syncTree(this.#frames);
  }

  async #save(finished: number): Promise<void> {
    await syncTree(this.#frames);
    await writeFileAtomic(this.#file, checkedLine(JSON.stringify({ runs: finished, plan: this.#plan } satisfies Note)));
  }
}

async function readCovered(file: string, plan: string): Promise<number> {
  const text = textOfLine((await readFileIfThere(file)) ?? '');
  if (text === undefined) return 0;
  const note = JSON.parse(text) as Note;
  return note.plan === plan ? note.runs : 0;
}
