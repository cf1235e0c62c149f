import { ApplicationFailure } from '@temporalio/common';

/** A disk on which activities find no room until somebody makes some. */
export class FullDisk {
  #full = true;

  /** The activity, on this disk. */
  under<A extends unknown[], R>(activity: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      if (this.#full) {
        throw ApplicationFailure.nonRetryable('/store needs 3 MB more. Free disk space in the store.', 'DISK_FULL');
      }
      return await activity(...args);
    };
  }

  makeRoom(): void {
    this.#full = false;
  }
}
