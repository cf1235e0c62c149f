import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { FeaturesSummary } from '../../lib/contracts/steps';
import { GPU_TASK_QUEUE, type Outcome } from '../../lib/contracts/run';

/** `standIn.js ADDRESS WORKERS MILLISECONDS`: gpu workers whose shards take a known time, all in this process. */
async function main([address, workers, milliseconds]: readonly string[]): Promise<void> {
  const connection = await NativeConnection.connect({ address: address! });
  const extractFeatures = async ({ shard }: { readonly shard: number }): Promise<Outcome> => {
    await sleep(Number(milliseconds));
    const summary: FeaturesSummary = {
      season: 'S1',
      shard,
      frames: 1,
      width: 0,
      reused: 0,
      truncated: 0,
      unreadable: 0,
    };
    return { ref: { kind: 'features', key: String(shard), uri: 'file:///', bytes: 0, summary }, reused: false };
  };
  const running: Promise<void>[] = [];
  for (let worker = 0; worker < Number(workers); worker++) {
    const made = await Worker.create({
      connection,
      taskQueue: GPU_TASK_QUEUE,
      identity: `stand-in ${worker}`,
      activities: { extractFeatures },
      maxConcurrentActivityTaskExecutions: 1,
    });
    running.push(made.run());
  }
  console.log('ready');
  await Promise.all(running);
  await connection.close();
}

void main(process.argv.slice(2));
