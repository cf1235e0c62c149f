import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SerengetiError } from '../lib/contracts/errors';
import { GPU_TASK_QUEUE, IO_TASK_QUEUE, TRANSFER_TASK_QUEUE } from '../lib/contracts/run';
import { serengetiHome } from '../lib/io/home';

export type WorkerRole = 'io' | 'gpu';

/** A setting of a worker: an environment variable, and a flag of `serengeti worker` that goes before it. */
export interface Setting {
  readonly variable: string;
  /** As the command line takes it. */
  readonly flag: string;
  readonly meaning: string;
  /** What holds without it, in words. */
  readonly fallback: string;
  readonly roles: readonly WorkerRole[];
}

const BOTH: readonly WorkerRole[] = ['io', 'gpu'];

/** Every setting that decides what a worker takes and from where. docs/operations.md has the same table. */
export const WORKER_SETTINGS: readonly Setting[] = [
  {
    variable: 'TEMPORAL_ADDRESS',
    flag: '--address <host:port>',
    meaning: 'the Temporal frontend',
    fallback: '127.0.0.1:7233',
    roles: BOTH,
  },
  {
    variable: 'TEMPORAL_NAMESPACE',
    flag: '--namespace <name>',
    meaning: 'namespace on it; installations that share a server have one each',
    fallback: 'default',
    roles: BOTH,
  },
  {
    variable: 'SERENGETI_STORE',
    flag: '--store <uri>',
    meaning: 'the artifact store: file:///folder/ that all workers share, or s3://bucket/prefix',
    fallback: 'the folder store of SERENGETI_HOME',
    roles: BOTH,
  },
  {
    variable: 'SERENGETI_CACHE',
    flag: '--cache <folder>',
    meaning: 'copies and drafts of an s3:// store on this host',
    fallback: 'the folder cache of SERENGETI_HOME',
    roles: BOTH,
  },
  {
    variable: 'SERENGETI_CACHE_GB',
    flag: '--cache-gb <number>',
    meaning: 'size of the copies; what was opened in the last six hours stays',
    fallback: '50',
    roles: BOTH,
  },
  {
    variable: 'SERENGETI_DEPLOYMENT',
    flag: '--deployment <name>',
    meaning: 'worker deployment whose versions keep their runs to themselves; all workers name the same',
    fallback: 'none: any worker takes any run',
    roles: BOTH,
  },
  {
    variable: 'SERENGETI_IO_CONCURRENCY',
    flag: '--activities <number>',
    meaning: `activities of the queue ${IO_TASK_QUEUE} at a time`,
    fallback: '4',
    roles: ['io'],
  },
  {
    variable: 'SERENGETI_TRANSFERS',
    flag: '--transfers <number>',
    meaning: `activities of the queue ${TRANSFER_TASK_QUEUE} at a time: downloads, and archives that are unpacked`,
    fallback: '4',
    roles: ['io'],
  },
  {
    variable: 'SERENGETI_WORKFLOW_TASKS',
    flag: '--workflow-tasks <number>',
    meaning: `workflow tasks of the queue ${IO_TASK_QUEUE} at a time`,
    fallback: '40',
    roles: ['io'],
  },
  {
    variable: 'SERENGETI_GPU_CONCURRENCY',
    flag: '--activities <number>',
    meaning: `activities of the queue ${GPU_TASK_QUEUE} at a time; they share one TensorFlow`,
    fallback: '1',
    roles: ['gpu'],
  },
];

/** What a worker or client process needs to know besides how it reaches Temporal, all of it from the environment. */
export interface Settings {
  readonly store: string;
  /** Address of the sample catalog, where one is served. `SERENGETI_SAMPLE_URL`. */
  readonly sampleUrl: string | undefined;
  /** Name of the worker deployment, where versions are told apart. */
  readonly deployment: string | undefined;
  readonly ioConcurrency: number;
  readonly transfers: number;
  readonly workflowTasks: number;
  readonly gpuConcurrency: number;
}

/** @throws SerengetiError INPUT_INVALID with the variable and its value */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const count = (name: string, fallback: number): number => positiveInteger(name, environment[name], fallback);
  return {
    store: environment.SERENGETI_STORE || pathToFileURL(join(serengetiHome(), 'store', '/')).href,
    sampleUrl: environment.SERENGETI_SAMPLE_URL,
    deployment: environment.SERENGETI_DEPLOYMENT || undefined,
    ioConcurrency: count('SERENGETI_IO_CONCURRENCY', 4),
    transfers: count('SERENGETI_TRANSFERS', 4),
    workflowTasks: count('SERENGETI_WORKFLOW_TASKS', 40),
    gpuConcurrency: count('SERENGETI_GPU_CONCURRENCY', 1),
  };
}

function positiveInteger(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new SerengetiError('INPUT_INVALID', `${name} must be a whole number from 1 up, got ${JSON.stringify(text)}`);
  }
  return value;
}
