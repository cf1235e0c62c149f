import { parseArgs } from 'node:util';
import { machine, tableText } from '../../bench/harness';
import type { ChaosOptions, ChaosReport } from './part';

const PARTS: Readonly<Record<string, () => Promise<{ run(options: ChaosOptions): Promise<ChaosReport> }>>> = {
  corrupt: () => import('./corrupt.js'),
  fuzz: () => import('./fuzz.js'),
};

/** `npm run chaos -- [PART…] --seed N --budget MINUTES`: breaks the system on purpose, a budget a part. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, budget: { type: 'string', default: '5' } },
    allowPositionals: true,
  });
  const [seed, minutes] = [Number(values.seed), Number(values.budget)];
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  if (!Number.isSafeInteger(seed) || !(minutes > 0) || names.some((name) => PARTS[name] === undefined)) {
    console.error(`Usage: npm run chaos -- [${Object.keys(PARTS).join('|')}]… [--seed N] [--budget MINUTES]`);
    process.exitCode = 2;
    return;
  }
  for (const name of names) {
    const end = performance.now() + minutes * 60_000;
    const part = await PARTS[name]!();
    const { rows, faults } = await part.run({ seed, hasTime: () => performance.now() < end });
    console.log(`\n${name}, seed ${seed}, ${minutes} min, on ${machine()}\n\n${tableText(rows)}\n`);
    console.log(faults.length === 0 ? 'No fault found.' : ['Faults:', ...faults].join('\n- '));
    if (faults.length > 0) process.exitCode = 1;
  }
}

void main();
