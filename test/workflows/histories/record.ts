// Records the histories of the workflows anew, as they are before a release:
//
//     npm run setup && node dist/test/workflows/histories/record.js
//
// A history that was recorded by a released version stays as it is: see docs/architecture.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { IO_TASK_QUEUE } from '../../../lib/contracts/run';
import { projectRoot } from '../../../lib/io/home';
import { productVersions } from '../../../lib/store/versions';
import { familyOf } from '../../../runs/find';
import { registerSearchAttributes } from '../../../runs/searchAttributes';
import { scenarios } from '../scenarios';
import { startServer, withWorkers } from '../support';

/** The server's lists lag behind by less than this. */
const LISTED_MILLISECONDS = 2_000;

const { History } = temporal.api.history.v1;

async function record(): Promise<void> {
  const folder = join(projectRoot(), 'test', 'workflows', 'histories', `v${productVersions().serengeti}`);
  await mkdir(folder, { recursive: true });
  for (const scenario of scenarios()) {
    // A server of its own: children are named after what they make, which is the same in all scenarios.
    const environment = await startServer();
    try {
      const { client } = environment;
      await registerSearchAttributes(client.connection, client.options.namespace);
      const runAndKeep = async (): Promise<void> => {
        const args = [scenario.request];
        const handle = await client.workflow.start(scenario.workflow, {
          taskQueue: IO_TASK_QUEUE,
          workflowId: scenario.name,
          args,
        });
        await scenario.steer(handle);
        // A cancelled run ends so; its history is what is wanted.
        await handle.result().catch((error: unknown) => {
          if (!(error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure)) throw error;
        });
        await new Promise((resolve) => setTimeout(resolve, LISTED_MILLISECONDS));
        for (const [i, workflowId] of (await familyOf(client, scenario.name)).entries()) {
          const history = await client.workflow.getHandle(workflowId).fetchHistory();
          const file = join(folder, `${scenario.name}-${i}.bin.gz`);
          await writeFile(file, gzipSync(History.encode(history).finish(), { level: 9 }));
          process.stdout.write(`${file}: ${workflowId}, ${history.events!.length} events\n`);
        }
      };
      await withWorkers(environment, scenario.activities, runAndKeep, { fresh: true });
    } finally {
      await environment.teardown();
    }
  }
}

void record();
