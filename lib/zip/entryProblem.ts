import { SerengetiError } from '../contracts/errors';
import type { Entry, RejectedEntry } from './table';

/** An error of one entry: the code, the entry, the byte, the reason. */
export class EntryProblem extends SerengetiError {
  readonly rejected: RejectedEntry;

  constructor(rejected: RejectedEntry, cause?: unknown) {
    const { archive, name, byte, code, reason } = rejected;
    super(code, `${archive}, byte ${byte}: entry "${name}" ${reason}`, { cause, details: { ...rejected } });
    this.rejected = rejected;
  }
}

export function problemOf(entry: Entry, code: RejectedEntry['code'], reason: string, cause?: unknown): EntryProblem {
  return new EntryProblem({ name: entry.name, archive: entry.archive, code, reason, byte: entry.offset }, cause);
}
