import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { DryRun } from '../lib/contracts/plan';
import { IO_TASK_QUEUE, WORKFLOW_TASK_TIMEOUT, type RunResult } from '../lib/contracts/run';
import { runInputSchema } from '../lib/contracts/runInput';
import { parseWith } from '../lib/contracts/validate';
import { digestOf } from '../lib/store';
import { connect, uiPageOf } from './client';
import { requestOf, type RunCommandOptions } from './runRequest';
import { createProgressView } from './terminal/progressView';
import { summarise } from './terminal/summary';
import { watchRun } from './watch';

/** `serengeti run`: starts a run, or joins it when it is going, and watches it to its end. */
export async function run(options: RunCommandOptions): Promise<void> {
  const request = requestOf(options);
  const connected = await connect();
  const { client, uiUrl, pagesUrl } = connected;
  const detach = new AbortController();
  const onInterrupt = (): void => detach.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const workflowId = options.id ?? runId(request);
    const joined = await startOrJoin(client, workflowId, request);
    announce(client, workflowId, uiUrl);
    if (joined) process.stdout.write('It is going already: watching it.\n\n');
    const result = await follow(client, workflowId, detach.signal);
    if (result === undefined) {
      process.stdout.write(
        `\nStopped watching. ${workflowId} goes on; the same command joins it again, and \`status\`, \`pause\` and ` +
          '`cancel` command it.\n',
      );
    } else {
      process.stdout.write(summarise(result, pagesUrl));
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    await connected.close();
  }
}

/** Starts a run unless one of this id is under way. @returns whether one was */
export async function startOrJoin(client: Client, workflowId: string, request: object): Promise<boolean> {
  // Checked here too: a mistake shows at once, before there is a run.
  const input = parseWith(runInputSchema, request, 'INPUT_INVALID', 'The run input');
  try {
    await client.workflow.start('trainPipeline', {
      taskQueue: IO_TASK_QUEUE,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      workflowId,
      args: [request],
      staticSummary: `${input.model.backbone} on ${input.catalog.slice(0, 150)}`,
    });
    return false;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return true;
  }
}

export function announce(client: Client, workflowId: string, uiUrl: string | undefined): void {
  process.stdout.write(`Run ${workflowId}\n`);
  if (uiUrl === undefined) return;
  process.stdout.write(`${uiPageOf(uiUrl, client.options.namespace, workflowId)}\n\n`);
}

/** Shows a run's steps until it ends. `undefined` when `signal` ended the watching first. */
export async function follow(
  client: Client,
  workflowId: string,
  signal: AbortSignal,
): Promise<RunResult | DryRun | undefined> {
  const view = createProgressView();
  try {
    for await (const { steps } of watchRun(client, workflowId, signal)) view.update(steps);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    view.stop();
  }
  return (await client.workflow.getHandle(workflowId).result()) as RunResult | DryRun;
}

/** The same input gets the same id, so that a second `run` of it joins the first. */
function runId(request: { catalog?: string }): string {
  return `run-${digestOf(request).slice(0, 12)}`;
}
