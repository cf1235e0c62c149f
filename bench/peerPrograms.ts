import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that are compared with, and the Debian packages that bring them. */
const PACKAGES = {
  aria2c: 'aria2',
  bsdtar: 'libarchive-tools',
  curl: 'curl',
  nginx: 'nginx',
  unzip: 'unzip',
} as const;

export type PeerProgram = keyof typeof PACKAGES;

/** Nothing is installed by a measurement: what is missing is named with its package. */
export async function requirePeers(programs: readonly PeerProgram[]): Promise<void> {
  const missing: PeerProgram[] = [];
  for (const program of programs) if (!(await isThere(program))) missing.push(program);
  if (missing.length === 0) return;
  const packages = missing.map((program) => PACKAGES[program]).join(' ');
  throw new Error(`Not found: ${missing.join(', ')}. On Debian and Ubuntu: apt-get install ${packages}`);
}

async function isThere(program: PeerProgram): Promise<boolean> {
  try {
    // A login shell would look elsewhere than `execFile` does.
    await run('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program and tells the seconds from its start to its end. */
export async function secondsOf(command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  await run(command, args, { maxBuffer: 2 ** 26 });
  return (performance.now() - started) / 1000;
}

/** At each turn a contestant runs so many times. */
const RUNS_A_TURN = 2;

/**
 * Runs contestants in turns, so that what else the machine does hits all of them, and keeps the best of each. At its
 * turn each runs twice: the first run may get memory that a virtual machine has to ask its host for, page by page, and
 * how much of it depends on who ran before; the second one finds what the first one left.
 */
export async function bestOf<N extends string>(
  rounds: number,
  contestants: Readonly<Record<N, () => Promise<number>>>,
): Promise<Record<N, number>> {
  const names = Object.keys(contestants) as N[];
  const best = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<N, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      for (let i = 0; i < RUNS_A_TURN; i++) best[name] = Math.min(best[name], await contestants[name]());
    }
  }
  return best;
}
