import type { Client } from '@temporalio/client';
import { conditionOf, type Condition, type Waiting, type WaitingPart } from '../lib/contracts/control';
import { findRun, isOpen, listRuns, stateOf, type RunRow } from '../runs/find';
import { RunWatcher } from '../runs/snapshot';
import { withClient } from './client';
import { describeError } from './terminal/errors';
import { describeAwaited } from '../lib/contracts/stepText';
import { formatBytes, formatMinute } from '../lib/contracts/format';
import { stepLines } from './terminal/progressView';
import { renderTable } from './terminal/table';

/** A rate needs two looks. */
const BETWEEN_LOOKS_MILLISECONDS = 1_500;

/** `serengeti status`: all runs, or how one of them stands. */
export async function status(run: string | undefined): Promise<void> {
  await withClient(async ({ client }) => {
    process.stdout.write(run === undefined ? await listing(client) : await standing(client, run));
  });
}

async function listing(client: Client): Promise<string> {
  const runs = await listRuns(client);
  if (runs.length === 0) return 'No runs yet. Start one with: run\n';
  return renderTable(['run', 'started', 'outcome', 'stage', 'log loss'], runs.map(cellsOf));
}

function cellsOf(row: RunRow): string[] {
  const { workflowId, startedAt, stage, score } = row;
  return [
    workflowId,
    formatMinute(startedAt),
    stateOf(row),
    stage ?? '–',
    score === undefined ? '–' : score.toFixed(4),
  ];
}

async function standing(client: Client, run: string): Promise<string> {
  const id = await findRun(client, run);
  const handle = client.workflow.getHandle(id);
  const { status: ending } = await handle.describe();
  const watcher = new RunWatcher(client);
  let snapshot = await watcher.snapshot(id);
  if (isOpen(ending.name) && snapshot.condition === 'running') {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MILLISECONDS));
    snapshot = await watcher.snapshot(id);
  }
  const heading = isOpen(ending.name) ? CONDITIONS[conditionOf(snapshot)] : ending.name.toLowerCase();
  const reason = isOpen(ending.name) ? undefined : await reasonOf(handle.result());
  return [
    `${id}: ${heading}${snapshot.bytesPerSecond === null ? '' : `, downloads at most ${formatBytes(snapshot.bytesPerSecond)}/s`}`,
    ...(reason === undefined ? [] : [reason]),
    '',
    ...stepLines(snapshot.steps),
    ...snapshot.waiting.flatMap((one) => ['', waitingText(one)]),
    ...snapshot.awaited.flatMap((child) => ['', describeAwaited(child)]),
    '',
  ].join('\n');
}

const CONDITIONS: Readonly<Record<Condition, string>> = {
  running: 'running',
  pausing: 'pausing: what is running stops at its next safe point',
  paused: 'paused',
  waiting: 'waits for a repair',
};

function waitingText(waiting: Waiting | WaitingPart): string {
  const { part, code, message } = waiting;
  if (!('nextAt' in waiting)) return `${part} is paused: ${message}`;
  const { nextAt } = waiting;
  return `${part} waits (${code}): ${message}\n  Tried again at ${formatMinute(nextAt)} UTC, or at once with: retry`;
}

/** Why a run ended otherwise than well. */
async function reasonOf(result: Promise<unknown>): Promise<string | undefined> {
  return await result.then(() => undefined, describeError);
}
