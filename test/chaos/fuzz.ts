import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../lib/io/home';
import type { ChaosOptions, ChaosReport } from './part';

/** Cases a reader in the first round; each round has twice as many as the one before, and a seed of its own. */
const FIRST_RUNS = 100;

/** Gives every reader of foreign bytes more changed bytes than `npm test` does. */
export async function run({ seed, hasTime }: ChaosOptions): Promise<ChaosReport> {
  const rows = [['seed', 'cases a reader', 'seconds', 'outcome']];
  const faults: string[] = [];
  for (let round = 0; hasTime(); round++) {
    const [own, runs] = [seed + round, FIRST_RUNS * 2 ** round];
    const environment = { SERENGETI_FUZZ_SEED: String(own), SERENGETI_FUZZ_RUNS: String(runs) };
    const started = performance.now();
    const failed = !(await passes(environment));
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    rows.push([String(own), String(runs), seconds, failed ? 'failed' : 'passed']);
    if (failed) faults.push(`SERENGETI_FUZZ_SEED=${own} SERENGETI_FUZZ_RUNS=${runs} npx jest test/hostile`);
  }
  return { rows, faults };
}

async function passes(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const jest = join(projectRoot(), 'node_modules', 'jest', 'bin', 'jest.js');
  const parameters = ['--experimental-vm-modules', jest, '--maxWorkers', '1', 'test/hostile'];
  const child = spawn(process.execPath, parameters, {
    cwd: projectRoot(),
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
