import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { formatBytes } from '../../lib/contracts/format';
import { builtModule } from '../../lib/io/home';
import { fail, ok, warn, type Finding } from './finding';

/** Node versions that the tests run on. */
const NODE_VERSIONS = [20, 22, 24];
/** TensorFlow with a batch of photographs, DuckDB with a season, and a Temporal server side by side. */
const SMALL_MEMORY = 4e9;

/** Node, processors, memory, and whether set-up has finished. */
export async function checkMachine(): Promise<Finding[]> {
  const major = Number(process.versions.node.split('.')[0]);
  const cores = availableParallelism();
  const memory = totalmem();
  const bundle = builtModule('workflow-bundle.js');
  return [
    NODE_VERSIONS.includes(major)
      ? ok('Node', process.versions.node)
      : fail('Node', `${process.versions.node} is not supported`, `Use Node ${NODE_VERSIONS.join(', ')}.`),
    ok('processors', String(cores)),
    memory < SMALL_MEMORY
      ? warn('memory', formatBytes(memory), `Workers may run out of it; ${formatBytes(SMALL_MEMORY)} are enough.`)
      : ok('memory', formatBytes(memory)),
    existsSync(bundle) ? ok('set-up', 'built') : fail('set-up', `${bundle} is missing`, 'Run `npm run setup`.'),
    isOnPath('setpriv')
      ? ok('supervisor', 'setpriv is there')
      : warn('supervisor', 'no setpriv on PATH', '`npm start` needs it; install util-linux. Workers do without.'),
  ];
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
}
