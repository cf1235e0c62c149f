import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { delimiter, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { serengetiHome } from '../lib/io/home';
import type { Program } from './supervisor';

const START_MILLISECONDS = 60_000;
/** Its own default is a day, less than from one look for new seasons to the next. A run takes a few megabytes. */
const RETENTION = '90 days';

/** As in `deploy/temporal/dynamic-config.yaml`: one partition a queue, and runs take turns in it. */
export const DYNAMIC_CONFIG = [
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'matching.enableFairness=true',
].flatMap((setting) => ['--dynamic-config-value', setting]);

/** The `temporal` command: `TEMPORAL_CLI_PATH`, else on PATH, else the one that set-up fetched. */
export function temporalCommand(environment: NodeJS.ProcessEnv = process.env): string {
  const candidates = [
    environment.TEMPORAL_CLI_PATH,
    ...(environment.PATH ?? '').split(delimiter).map((folder) => join(folder, 'temporal')),
    join(serengetiHome(), 'native', 'temporal', 'temporal'),
  ];
  const found = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found === undefined) throw new Error('No `temporal` command: run `npm run setup`, or set TEMPORAL_CLI_PATH.');
  return found;
}

/** The development server with its UI, on a SQLite file: what was run before is still there after a restart. */
export function temporalServer(options: {
  readonly port: number;
  readonly uiPort: number;
  readonly databaseFile: string;
  readonly logFile: string;
}): Program {
  return {
    name: 'temporal',
    command: temporalCommand(),
    arguments: [
      ['server', 'start-dev'],
      [
        '--ip',
        '127.0.0.1',
        '--port',
        String(options.port),
        '--ui-ip',
        '127.0.0.1',
        '--ui-port',
        String(options.uiPort),
      ],
      ['--db-filename', options.databaseFile, '--log-level', 'warn'],
      DYNAMIC_CONFIG,
    ].flat(),
    environment: process.env,
    logFile: options.logFile,
  };
}

/** Has the server keep what it knows of a run for a season of work after its end. */
export async function keepEndedRuns({ workflowService }: Pick<Connection, 'workflowService'>): Promise<void> {
  await workflowService.updateNamespace({
    namespace: 'default',
    config: { workflowExecutionRetentionTtl: msToTs(RETENTION) },
  });
}

/** Waits until the server answers. */
export async function connectWhenReady(address: string, signal?: AbortSignal): Promise<Connection> {
  const deadline = performance.now() + START_MILLISECONDS;
  for (;;) {
    try {
      return await Connection.connect({ address, connectTimeout: '2 seconds' });
    } catch (error) {
      if (performance.now() > deadline) {
        throw new Error(`The Temporal server at ${address} did not answer within ${START_MILLISECONDS / 1000} s.`, {
          cause: error,
        });
      }
      await sleep(200, undefined, { signal });
    }
  }
}
