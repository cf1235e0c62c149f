import type { Progress } from '../../contracts/progress';

/** Counts the bytes of a download and tells how far it is. */
export class Tally {
  readonly total: number;
  /** There already when this began. */
  readonly reused: number;
  readonly #report: ((progress: Progress) => void) | undefined;
  /** Of the file, by this call; starts over where the fetching does. */
  #done = 0;
  /** Over the wire, by this call. */
  fetched = 0;

  constructor(total: number, reused: number, report: ((progress: Progress) => void) | undefined) {
    this.total = total;
    this.reused = reused;
    this.#report = report;
  }

  get left(): number {
    return this.total - this.reused - this.#done;
  }

  add(bytes: number, note: string): void {
    this.fetched += bytes;
    this.#done += bytes;
    this.note(note);
  }

  startOver(): void {
    this.#done = 0;
  }

  note(note: string): void {
    this.#report?.({
      done: this.reused + this.#done,
      total: this.total,
      unit: 'bytes',
      reused: this.reused,
      ...(note === '' ? {} : { note }),
    });
  }
}
