import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { MirrorPool } from '../mirrors/mirrorPool';
import { runWorkers } from '../../io/parallel';
import type { MirrorCopy, SourceFile } from '../mirrors/source';
import { openTransport } from '../../http/openTransport';
import { TRANSFER_POLICY, type TransferPolicy } from '../../http/transport';
import { BlockPlan } from './blockPlan';
import { runConnection, type Job } from './connection';
import { Crew, LOOK_EVERY_MS } from './crew';
import type { PartialFile } from './partialFile';
import { DiskSpace } from './space';
import { Tally } from './tally';
import { Throttle } from './throttle';
import { fetchWhole } from './whole';

export interface DownloadRequest {
  readonly mirrors: readonly Mirror[];
  /** The file as it was probed. When it has changed since, the download fails instead of fetching another one. */
  readonly file: SourceFile;
  /** The file on this host. One of the right size is taken for finished. */
  readonly target: string;
}

export interface DownloadOptions extends WorkOptions {
  /** Requests at a time, over all mirrors, 1 to 64: at most, and as many as make it faster. @default 8 */
  readonly connections?: number;
  /** Limit on all connections of all transfers of this process that have the same limit. @default none */
  readonly bytesPerSecond?: number;
  readonly policy?: Partial<TransferPolicy>;
}

export interface Download {
  readonly bytes: number;
  /** Over the wire, by this call. */
  readonly fetchedBytes: number;
  /** Taken over from earlier attempts. */
  readonly reusedBytes: number;
}

const CONNECTIONS = 8;

/** Fetches what a partial file lacks: in parts where mirrors send parts, else as a whole. */
export async function fetchInto(
  partial: PartialFile,
  { mirrors, file, target }: DownloadRequest,
  options: DownloadOptions,
): Promise<Download> {
  const connections = Math.min(Math.max(options.connections ?? CONNECTIONS, 1), 64);
  const policy = { ...TRANSFER_POLICY, ...options.policy };
  const transport = openTransport(connections, policy);
  const throttle = Throttle.shared(options.bytesPerSecond);
  const space = new DiskSpace(target);
  const jobFor = (copies: readonly MirrorCopy[], isDone: (block: number) => boolean): Job => {
    const plan = new BlockPlan(file.bytes, partial.journal.head.blockBytes, isDone);
    const pool = new MirrorPool(mirrors, file, copies, policy, options.onWarning);
    const tally = new Tally(file.bytes, file.bytes - plan.freeBytes, options.onProgress);
    const crew = new Crew(connections, copies.length);
    return { transport, policy, pool, plan, partial, throttle, space, tally, crew, connections };
  };
  const ranged = file.at.filter((copy) => copy.ranges);
  const parts = jobFor(ranged, partial.journal.isDone);
  try {
    const ignoring = ranged.length === 0 ? [] : await fetchParts(parts, options.signal);
    if (parts.plan.finished) return resultOf(parts);
    const whole = jobFor(
      file.at.filter((copy) => !copy.ranges || ignoring.includes(copy.mirror)),
      () => false,
    );
    await space.require(file.bytes);
    await runWorkers(1, options.signal, (signal) => fetchWhole(whole, signal));
    return { ...resultOf(whole), fetchedBytes: parts.tally.fetched + whole.tally.fetched };
  } finally {
    await transport.close();
  }
}

/**
 * @returns mirrors that announced parts and then sent the whole: those to turn to when the plan could not be finished
 * @throws whatever went wrong otherwise
 */
async function fetchParts(job: Job, signal: AbortSignal | undefined): Promise<readonly string[]> {
  await job.space.require(job.plan.freeBytes);
  job.tally.note('');
  const looking = setInterval(() => job.crew.look(), LOOK_EVERY_MS);
  try {
    await runWorkers(job.connections, signal, (stop, member) => runConnection(job, member, stop));
    return [];
  } catch (error) {
    const { ignoringRanges } = job.pool;
    if (signal?.aborted === true || !job.pool.exhausted || ignoringRanges.length === 0) throw error;
    return ignoringRanges;
  } finally {
    clearInterval(looking);
  }
}

function resultOf({ tally }: Job): Download {
  return { bytes: tally.total, fetchedBytes: tally.fetched, reusedBytes: tally.reused };
}
