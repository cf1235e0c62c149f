import { machine, tableText, type BenchReport } from './harness';

/** Every measurement, by the name it is asked for with. */
const BENCHES: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<BenchReport> }>>> = {
  agreement: () => import('./agreement.js'),
  directory: () => import('./directory.js'),
  dispatch: () => import('./dispatch.js'),
  download: () => import('./download.js'),
  exploration: () => import('./exploration.js'),
  features: () => import('./features.js'),
  head: () => import('./head.js'),
  index: () => import('./indexing.js'),
  intervals: () => import('./intervals.js'),
  model: () => import('./model.js'),
  real: () => import('./real.js'),
  train: () => import('./train.js'),
  unzip: () => import('./unzip.js'),
};

/** `npm run bench -- NAME [arguments of the measurement]`: prints a table with the machine and, as its last line, one JSON object. */
async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const load = BENCHES[name];
  if (load === undefined) {
    console.error(`Name one of: ${Object.keys(BENCHES).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const { rows, ratios } = await (await load()).run(args);
  console.log(`\n${name} on ${machine()}\n\n${tableText(rows)}\n`);
  console.log(JSON.stringify({ bench: name, ratios }));
}

void main(process.argv.slice(2));
