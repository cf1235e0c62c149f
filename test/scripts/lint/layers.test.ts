import { lint } from './support/lintSnippets';

/** What each place must not import, and words of the reason that the author is given. */
const REFUSED: readonly (readonly [path: string, code: string, why: string])[] = [
  ['lib/seasons/x.ts', `import { log } from '@temporalio/activity'; log.info('');`, 'knows nothing of Temporal'],
  [
    'lib/seasons/x.ts',
    `import type { Duration } from '@temporalio/common'; export type D = Duration;`,
    'knows nothing of Temporal',
  ],
  ['lib/seasons/x.ts', `export type W = import('@temporalio/worker').Worker;`, 'knows nothing of Temporal'],
  ['lib/seasons/x.ts', `export const load = () => import('@temporalio/client');`, 'knows nothing of Temporal'],
  ['lib/seasons/x.ts', `export * from '@temporalio/common';`, 'knows nothing of Temporal'],
  ['lib/seasons/x.ts', `import { durable } from '../../activities/durable'; durable();`, 'built on it'],
  ['lib/zip/x.ts', `import { run } from '../../workflows/shared'; run();`, 'built on it'],
  ['lib/zip/x.ts', `import { openFrames } from '../seasons'; openFrames();`, 'know nothing of seasons'],
  ['lib/http/x.ts', `import { openStore } from '../store'; openStore('');`, 'know nothing of seasons'],
  [
    'lib/io/x.ts',
    `import type { Season } from '../seasons/catalog'; export type S = Season;`,
    'know nothing of seasons',
  ],
  ['lib/x.ts', `import { simulateCatalog } from '../simulator'; simulateCatalog();`, 'built on it'],
  ['simulator/x.ts', `import { run } from '../workflows/shared'; run();`, 'knows nothing of runs'],
  ['examples/x.ts', `import { Client } from '@temporalio/client'; new Client();`, 'without Temporal'],
  ['examples/x.ts', `import { run } from '../cli/run'; void run({ input: {} });`, 'without Temporal'],
  ['lib/x.ts', `import { runIoWorker } from '../workers/io'; void runIoWorker();`, 'built on it'],
  ['lib/x.ts', `import { start } from '../cli/start'; start();`, 'built on it'],
  ['lib/contracts/x.ts', `import { openStore } from '../store'; openStore('');`, 'imports none of them'],
  ['lib/contracts/x.ts', `import type { Store } from '../store/store'; export type S = Store;`, 'imports none of them'],
  ['lib/contracts/x.ts', `import { readFileSync } from 'node:fs'; readFileSync('');`, 'no input or output'],
  ['lib/contracts/x.ts', `import { readFile } from 'fs/promises'; void readFile('');`, 'no input or output'],
  ['lib/contracts/x.ts', `import https = require('https'); https.get('');`, 'no input or output'],
  [
    'lib/metadata/x.ts',
    `import * as tf from '@tensorflow/tfjs-node-gpu'; tf.ones([1]);`,
    'only lib/model imports TensorFlow',
  ],
  [
    'activities/x.ts',
    `import type { Tensor } from '@tensorflow/tfjs'; export type T = Tensor;`,
    'only lib/model imports TensorFlow',
  ],
  [
    'lib/metadata/x.ts',
    `import { InferenceSession } from 'onnxruntime-node'; void InferenceSession.create('');`,
    'another engine',
  ],
  ['lib/model/head/x.ts', `import * as tf from '@tensorflow/tfjs-node-gpu'; tf.ones([1]);`, 'call tensorflow()'],
  ['lib/model/head/x.ts', `const tf = require('@tensorflow/tfjs'); tf.ones([1]);`, 'call tensorflow()'],
  ['lib/model/x.ts', `import { DuckDBInstance } from '@duckdb/node-api'; void DuckDBInstance.create();`, 'DuckDB'],
  ['activities/x.ts', `import { openStore } from '../lib/store'; openStore('');`, 'the tasks of lib/pipeline'],
  ['server/x.ts', `import { listRuns } from '../runs/find'; listRuns();`, 'are handed to it'],
  ['activities/x.ts', `import { DuckDBInstance } from '@duckdb/node-api'; void DuckDBInstance.create();`, 'DuckDB'],
  ['lib/seasons/x.ts', `import { S3Client } from '@aws-sdk/client-s3'; new S3Client({});`, 'object-store'],
  [
    'workflows/x.ts',
    `import { createActivities } from '../activities'; createActivities();`,
    'the types of activities/',
  ],
  ['workflows/x.ts', `import '../activities/durable';`, 'the types of activities/'],
  ['workflows/x.ts', `import { openStore } from '../lib/store'; openStore('');`, 'replayed in a sandbox'],
  ['workflows/x.ts', `import type { Store } from '../lib/store'; export type S = Store;`, 'replayed in a sandbox'],
  ['workflows/x.ts', `import { Worker } from '@temporalio/worker'; void Worker.create();`, 'replayed in a sandbox'],
  ['workflows/x.ts', `import { join } from 'node:path'; join('a');`, 'replayed in a sandbox'],
  [
    'activities/x.ts',
    `import { trainPipeline } from '../workflows/trainPipeline'; void trainPipeline();`,
    'shells around the tasks',
  ],
  ['activities/x.ts', `import { Client } from '@temporalio/client'; new Client();`, '@temporalio/activity and'],
];

const ALLOWED: readonly (readonly [path: string, code: string])[] = [
  ['lib/contracts/x.ts', `import { z } from 'zod'; import { ERRORS } from './errors'; z.object({}).parse(ERRORS);`],
  [
    'lib/seasons/x.ts',
    `import { readFileSync } from 'node:fs'; import { ERRORS } from '../contracts/errors'; readFileSync(String(ERRORS));`,
  ],
  ['lib/model/head/x.ts', `import type * as tf from '@tensorflow/tfjs-node-gpu'; export type T = tf.Tensor;`],
  ['lib/model/head/x.ts', `import { tensorflow } from '../runtime'; tensorflow().ones([1]);`],
  ['lib/metadata/x.ts', `import { DuckDBInstance } from '@duckdb/node-api'; void DuckDBInstance.create(':memory:');`],
  ['lib/store/x.ts', `import { S3Client } from '@aws-sdk/client-s3'; new S3Client({});`],
  ['workflows/x.ts', `import type { Activities } from '../activities'; export type A = Activities;`],
  [
    'workflows/x.ts',
    `import { sleep } from '@temporalio/workflow'; import { ERRORS } from '../lib/contracts/errors'; void sleep(String(ERRORS));`,
  ],
  [
    'activities/x.ts',
    `import { Context } from '@temporalio/activity'; import { tasks } from '../lib/pipeline/tasks'; void [tasks, Context];`,
  ],
  ['workers/x.ts', `import { createActivities } from '../activities'; createActivities();`],
];

describe('the layers', () => {
  const messages = lint([...REFUSED, ...ALLOWED].map(([path, code]) => ({ path, code })));

  it.each(REFUSED.map((row, index) => [...row, index] as const))('%s must not hold %s', (_path, _code, why, index) => {
    expect(messages[index]).toContainEqual({
      ruleId: 'serengeti/layers',
      message: expect.stringContaining(why) as string,
    });
  });

  it.each(ALLOWED.map((row, index) => [...row, index] as const))('%s may hold %s', (_path, _code, index) => {
    expect(messages[REFUSED.length + index]!.filter(({ ruleId }) => ruleId === 'serengeti/layers')).toEqual([]);
  });
});
