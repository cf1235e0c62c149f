import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SerengetiError } from '../../contracts/errors';

/** Left to others on the same disk: databases stop working when nothing is left. */
const RESERVE_BYTES = 64 << 20;
/** During a download the disk is looked at each time so many bytes came. */
const LOOK_EVERY_BYTES = 32 << 20;

/** Watches that a disk has room for what is still to come. */
export class DiskSpace {
  readonly #path: string;
  #sinceLook = 0;

  /** @param path - a file on the disk */
  constructor(path: string) {
    this.#path = path;
  }

  /** @throws SerengetiError DISK_FULL */
  async require(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.#path));
    const free = bavail * bsize;
    if (free >= bytes + RESERVE_BYTES) return;
    throw new SerengetiError(
      'DISK_FULL',
      `${this.#path} needs ${megabytes(bytes)} more and its disk has ${megabytes(free)} left, ` +
        `of which ${megabytes(RESERVE_BYTES)} are kept free`,
      { details: { path: this.#path, bytes, free } },
    );
  }

  /** Called with all bytes that come; looks now and then. */
  async watch(came: number, left: number): Promise<void> {
    this.#sinceLook += came;
    if (this.#sinceLook < LOOK_EVERY_BYTES) return;
    this.#sinceLook = 0;
    await this.require(left);
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
