import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { FeaturesSummary } from '../../lib/contracts/steps';
import { GPU_TASK_QUEUE, type Outcome } from '../../lib/contracts/run';

/** `standIn.js ADDRESS MILLISECONDS`: a gpu worker whose shards take a known time. */
async function main([address, milliseconds]: readonly string[]): Promise<void> {
  const connection = await NativeConnection.connect({ address: address! });
  const extractFeatures = async ({ shard }: { readonly shard: number }): Promise<Outcome> => {
    await sleep(Number(milliseconds));
    const summary: FeaturesSummary = {
      ...{ season: 'S1', shard, frames: 1, width: 0, reused: 0, truncated: 0, unreadable: 0 },
    };
    return { ref: { kind: 'features', key: String(shard), uri: 'file:///', bytes: 0, summary }, reused: false };
  };
  const worker = await Worker.create({
    connection,
    taskQueue: GPU_TASK_QUEUE,
    activities: { extractFeatures },
    maxConcurrentActivityTaskExecutions: 1,
  });
  console.log('ready');
  await worker.run();
  await connection.close();
}

void main(process.argv.slice(2));
