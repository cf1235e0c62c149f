import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { ArtifactKind, ArtifactRef } from '../lib/contracts/artifact';
import { IO_TASK_QUEUE, type FeaturizeInput } from '../lib/contracts/run';
import { freePort } from '../workers/ports';
import { Supervised } from '../workers/supervisor';
import { connectWhenReady, temporalServer } from '../workers/temporalServer';
import { workflowBundle } from '../workers/worker';
import type { BenchReport } from './harness';

/** Length of the stand-in for a shard's features. */
const SHARD_MILLISECONDS = 500;
const SHARDS_A_WORKER = 20;
const FLEETS = [1, 2, 4, 8, 16];

interface Run {
  readonly workers: number;
  readonly shards: number;
  readonly seconds: number;
}

/**
 * What Temporal adds to a shard, and how throughput grows with the workers: the product's own workflow gives shards of
 * known length to gpu workers that only wait.
 */
export async function run(): Promise<BenchReport> {
  const runs = await withServer(async (address, client) => {
    const measured: Run[] = [];
    for (const workers of FLEETS) measured.push(await measureFleet(address, client, workers));
    return measured;
  });
  const smallest = runs[0]!;
  const largest = runs.at(-1)!;
  return {
    rows: [
      ['workers', 'shards', 'seconds', 'shards/s', 'of the ideal', 'overhead a shard'],
      ...runs.map((fleet) => [
        String(fleet.workers),
        String(fleet.shards),
        fleet.seconds.toFixed(2),
        (fleet.shards / fleet.seconds).toFixed(1),
        `${(100 * efficiencyOf(fleet)).toFixed(0)} %`,
        `${overheadOf(fleet).toFixed(0)} ms`,
      ]),
    ],
    ratios: {
      overheadMilliseconds: overheadOf(smallest),
      largestFleet: largest.workers,
      efficiency: efficiencyOf(largest),
      speedup: largest.shards / largest.seconds / (smallest.shards / smallest.seconds),
    },
  };
}

/** Share of the time in which workers worked. */
function efficiencyOf({ workers, shards, seconds }: Run): number {
  return (shards * SHARD_MILLISECONDS) / 1000 / (workers * seconds);
}

/** Milliseconds of a worker's time that a shard took beyond its length. */
function overheadOf({ workers, shards, seconds }: Run): number {
  return (1000 * seconds * workers) / shards - SHARD_MILLISECONDS;
}

async function measureFleet(address: string, client: Client, workers: number): Promise<Run> {
  const fleet = await Promise.all(Array.from({ length: workers }, () => startStandIn(address)));
  try {
    await featurize(client, `warm-up-${workers}`, workers);
    const shards = workers * SHARDS_A_WORKER;
    const started = performance.now();
    await featurize(client, `fleet-${workers}`, shards);
    return { workers, shards, seconds: (performance.now() - started) / 1000 };
  } finally {
    await Promise.all(fleet.map(stop));
  }
}

async function featurize(client: Client, workflowId: string, shards: number): Promise<void> {
  const reference = <S>(kind: ArtifactKind, summary: S): ArtifactRef<S> => ({
    ...{ kind, key: workflowId, uri: 'file:///', bytes: 0, summary },
  });
  // A stand-in looks at nothing but the shard's number; the workflow at the season's name.
  const input = {
    backbone: reference('backbone', {}),
    pick: reference('pick', {}),
    frames: reference('frames', { season: 'S1', form: 'extracted' }),
    shards,
  };
  await client.workflow.execute('featurizeSeason', {
    taskQueue: IO_TASK_QUEUE,
    workflowId,
    args: [input as unknown as FeaturizeInput],
  });
}

async function startStandIn(address: string): Promise<ChildProcess> {
  const program = join(__dirname, 'programs', 'standIn.js');
  const child = spawn(process.execPath, [program, address, String(SHARD_MILLISECONDS)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) if (line === 'ready') return child;
  throw new Error(`${program} ended before its worker was ready`);
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** A server, with a worker for the workflows. */
async function withServer<T>(use: (address: string, client: Client) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'serengeti-dispatch-'));
  const port = await freePort(0);
  const places = { databaseFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') };
  const server = new Supervised(temporalServer({ port, uiPort: await freePort(0), ...places }));
  const address = `127.0.0.1:${port}`;
  try {
    const connection = await connectWhenReady(address);
    const native = await NativeConnection.connect({ address });
    const worker = await Worker.create({
      connection: native,
      taskQueue: IO_TASK_QUEUE,
      workflowBundle: workflowBundle(),
    });
    const result = await worker.runUntil(use(address, new Client({ connection })));
    await native.close();
    await connection.close();
    return result;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
