import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { SerengetiError } from '../lib/contracts/errors';
import { serengetiHome } from '../lib/io/home';
import { familyOf, findRun } from '../runs/find';
import { withClient } from './client';
import { formatLogLine, parseLogLine, type LogLine } from './terminal/logLines';
import { LogTail } from './terminal/logTail';

const POLL_MILLISECONDS = 500;

export interface LogsOptions {
  readonly follow: boolean;
  /** Leaves out the lines that only say how far a step is. */
  readonly quiet: boolean;
}

/**
 * `serengeti logs`: what the workers of the embedded system wrote, of all runs or of one with its children. Without a
 * run it needs no server. Workers that run elsewhere write to their own standard output.
 */
export async function logs(run: string | undefined, options: LogsOptions): Promise<void> {
  if (run === undefined) return await show(() => Promise.resolve(undefined), options);
  await withClient(async ({ client }) => {
    const id = await findRun(client, run);
    await show(async () => new Set(await familyOf(client, id)), options, id);
  });
}

/** @param workflows - those whose lines are shown; `undefined`: of all */
async function show(
  workflows: () => Promise<ReadonlySet<string> | undefined>,
  { follow, quiet }: LogsOptions,
  run?: string,
): Promise<void> {
  const folder = join(serengetiHome(), 'logs');
  const tail = new LogTail(folder);
  let family = await workflows();
  const wanted = (line: LogLine): boolean =>
    (family === undefined || (line.workflowId !== undefined && family.has(line.workflowId))) &&
    !(quiet && line.message === 'Progress');
  const found = await print(tail, wanted);
  if (!found && !follow) {
    const whose = run === undefined ? '' : ` of ${run}`;
    throw new SerengetiError('RUN_UNKNOWN', `There are no log lines${whose} in ${folder}`);
  }
  while (follow) {
    await sleep(POLL_MILLISECONDS);
    // Children begin while one looks.
    family = await workflows();
    await print(tail, wanted);
  }
}

/** Prints what is new, in the order of time over all processes. */
async function print(tail: LogTail, wanted: (line: LogLine) => boolean): Promise<boolean> {
  const lines: LogLine[] = [];
  await tail.read((text) => {
    const line = parseLogLine(text);
    if (line !== undefined && wanted(line)) lines.push(line);
  });
  lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  for (const line of lines) process.stdout.write(`${formatLogLine(line)}\n`);
  return lines.length > 0;
}
