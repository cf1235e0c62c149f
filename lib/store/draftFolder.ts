import { randomBytes } from 'node:crypto';
import { rename, rm, rmdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkOptions } from '../contracts/progress';
import {
  isGone,
  makeFolder,
  namesIn,
  pathExists,
  renameIfThere,
  scratchPath,
  statIfThere,
  syncFolder,
  temporaryPath,
} from '../io/files';
import { asRefusal } from '../io/systemErrors';
import type { Trash } from './trash';

/** How owners of drafts know of one another. Times in milliseconds. */
export interface LeaseTimes {
  /** Between two renewals. */
  readonly renewMs: number;
  /** Without a renewal, until another one may take the draft over. */
  readonly lapseMs: number;
  /** Between two looks of those that wait. */
  readonly lookMs: number;
}

/** Temporal, too, takes a worker for dead that is silent for ten seconds. */
export const LEASE_TIMES: LeaseTimes = { renewMs: 1_000, lapseMs: 10_000, lookMs: 250 };

/**
 * The folder of a draft, which one owner at a time has: `<draft>/<owner>/`, with a lease in it that the owner renews.
 *
 * Taking a draft over renames the folder, which only one of several can do, and which the former owner survives as one
 * without a folder: what it still writes by path lands nowhere, or in a folder without a lease, which it cannot commit.
 */
export class DraftFolder {
  readonly path: string;
  readonly #lease: string;
  readonly #trash: Trash;
  readonly #renewing: NodeJS.Timeout;

  private constructor(draft: string, owner: string, trash: Trash, renewMs: number) {
    this.path = join(draft, owner);
    this.#lease = leaseOf(draft, owner);
    this.#trash = trash;
    this.#renewing = setInterval(() => {
      // A lease that cannot be renewed lapses.
      utimes(this.#lease, new Date(), new Date()).catch(() => undefined);
    }, renewMs).unref();
  }

  /** Opens a draft, new or as its last owner left it; waits while that one renews its lease. */
  static async open(
    draft: string,
    trash: Trash,
    { renewMs, lapseMs, lookMs }: LeaseTimes,
    { signal, onWarning }: WorkOptions = {},
  ): Promise<DraftFolder> {
    const owner = randomBytes(6).toString('hex');
    for (let looks = 0; ; looks++) {
      signal?.throwIfAborted();
      const latest = await latestOwner(draft);
      const isFree = latest === undefined || Date.now() - latest.renewedAt > lapseMs;
      if (isFree && (await (latest === undefined ? create(draft, owner) : takeOver(draft, latest.owner, owner)))) {
        const folder = new DraftFolder(draft, owner, trash, renewMs);
        // One that is told to stop and does not is as good as dead.
        signal?.addEventListener('abort', () => clearInterval(folder.#renewing), { once: true });
        return folder;
      }
      if (looks === 0)
        onWarning?.({ message: 'Another worker makes the same artifact: waits for it', details: { draft } });
      // Ends early when the signal aborts, and the next turn gives the reason.
      await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Makes a folder a draft that nobody owns: the next one who opens it has what is there.
   *
   * @returns where it is now; `undefined` where there was none
   */
  static async leave(folder: string, draft: string): Promise<string | undefined> {
    const left = join(draft, randomBytes(6).toString('hex'));
    await makeFolder(draft);
    return (await renameIfThere(folder, left)) ? left : undefined;
  }

  async isOwned(): Promise<boolean> {
    return await pathExists(this.#lease);
  }

  /** Takes the folder away to another place. @returns whether: not when it is no longer this owner's, or that place is taken */
  async moveTo(target: string): Promise<boolean> {
    if (!(await this.isOwned())) return false;
    await makeFolder(dirname(target));
    try {
      await rename(this.path, target);
    } catch (error) {
      if (isGone(error) || isOccupied(error)) return false;
      throw asRefusal(error, target);
    }
    await syncFolder(dirname(target));
    await this.discard();
    return true;
  }

  /** Leaves the folder to the next owner; one that is no longer this owner's is litter. */
  async release(): Promise<void> {
    if (!(await this.isOwned())) return await this.discard();
    clearInterval(this.#renewing);
    await rm(this.#lease, { force: true });
  }

  async discard(): Promise<void> {
    clearInterval(this.#renewing);
    await this.#trash.take(this.path);
    // Unless another owner has a folder in it.
    await rmdir(dirname(this.path)).catch(() => undefined);
  }
}

/** Who has the draft: where former owners have left litter, the one who renewed the lease last. */
async function latestOwner(draft: string): Promise<{ readonly owner: string; readonly renewedAt: number } | undefined> {
  const owners = await Promise.all(
    (await namesIn(draft)).map(async (owner) => ({
      owner,
      renewedAt: (await statIfThere(leaseOf(draft, owner)))?.mtimeMs ?? 0,
    })),
  );
  return owners.sort((a, b) => b.renewedAt - a.renewedAt)[0];
}

/** @returns whether the draft is this owner's: not when another one began it at the same moment */
async function create(draft: string, owner: string): Promise<boolean> {
  const prepared = temporaryPath(draft);
  await makeFolder(join(prepared, owner));
  try {
    await writeFile(leaseOf(prepared, owner), '');
    // Takes the place of an empty folder, and of no other.
    await rename(prepared, draft);
    return true;
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    if (isOccupied(error)) return false;
    throw asRefusal(error, draft);
  }
}

/** @returns whether the draft is this owner's: not when another one took it over at the same moment */
async function takeOver(draft: string, former: string, owner: string): Promise<boolean> {
  const folder = join(draft, former);
  try {
    await writeFile(scratchPath(folder, `lease-${owner}`), '');
    await rm(leaseOf(draft, former), { force: true });
    await rename(folder, join(draft, owner));
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw asRefusal(error, folder);
  }
}

/** Says by its name whose it is, so that it holds in one owner's folder only. */
function leaseOf(draft: string, owner: string): string {
  return scratchPath(join(draft, owner), `lease-${owner}`);
}

function isOccupied(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
}
