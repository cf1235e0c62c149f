import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, serengetiHome } from '../../../../lib/io/home';

/** A program of the submission with what runs it. */
export interface Runner {
  readonly name: string;
  readonly command: readonly [string, string];
}

/** The competition's container, Python 3.6 with TensorFlow 1.14: set-up makes it where it finds a Python 3.6. */
export const CONTAINER_PYTHON = join(serengetiHome(), 'python36', 'bin', 'python');

/** Both programs; `main.py` with the Python of the tests, and with the competition's where it is there. */
export function runners(): readonly Runner[] {
  const python = join(serengetiHome(), 'python', 'bin', 'python');
  const container = [{ name: 'main.py on TensorFlow 1.14', command: [CONTAINER_PYTHON, 'main.py'] as const }];
  return [
    { name: 'main.mjs', command: [process.execPath, 'main.mjs'] },
    { name: 'main.py', command: [python, 'main.py'] },
    ...(existsSync(CONTAINER_PYTHON) ? container : []),
  ];
}

export interface Ran {
  readonly status: number | null;
  readonly log: string;
}

/** Runs a program in its unpacked folder. */
export async function run({ command: [file, program] }: Runner, folder: string, ...options: string[]): Promise<Ran> {
  const child = spawn(file, [program, ...options], {
    cwd: folder,
    env: { PATH: process.env.PATH, SERENGETI_PROJECT: projectRoot() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, log };
}

/** `submission.csv` of a folder: its header, and each sequence's probabilities by class. */
export async function readSubmission(folder: string) {
  const text = await readFile(join(folder, 'submission.csv'), 'utf8');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const columns = header.split(',');
  const rows = lines.map((line) => line.split(','));
  return {
    columns,
    sequences: rows.map((row) => row[0]!),
    cells: rows.map((row) => row.slice(1)),
    of: (sequence: string): Record<string, number> => {
      const row = rows.find(([id]) => id === sequence)!;
      return Object.fromEntries(columns.slice(1).map((column, index) => [column, Number(row[index + 1])]));
    },
  };
}
