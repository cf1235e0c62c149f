import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, serengetiHome } from '../lib/io/home';
import { pathExists, writeFileAtomic } from '../lib/io/files';

/** What a measurement found: a table for people, ratios for machines. */
export interface BenchReport {
  /** Rows of the table, the first is its head. */
  readonly rows: readonly (readonly string[])[];
  readonly ratios: Readonly<Record<string, number>>;
}

/** The machine in a line: figures mean nothing without it. */
export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
}

/** Pads the columns of a table. */
export function tableText(rows: BenchReport['rows']): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** Folder for what a measurement makes; kept between runs where making it takes time. */
export function benchFolder(name: string): string {
  return join(serengetiHome(), 'bench', name);
}

/** What a measured program said and how long it lived. */
export interface Measured<T> {
  /** The JSON object of its last line. */
  readonly result: T;
  /** From its start to its end. */
  readonly seconds: number;
}

/** Runs a program of its own process, with the time from its start to its end. */
export async function measure<T>(command: string, args: readonly string[]): Promise<Measured<T>> {
  const started = performance.now();
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 2 ** 26 });
  const seconds = (performance.now() - started) / 1000;
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return { result: JSON.parse(last) as T, seconds };
}

/** A Python with the programs' peers, installed on first use. @returns path of its interpreter */
export async function peerPython(): Promise<string> {
  const folder = benchFolder('python');
  const requirements = join(projectRoot(), 'bench', 'peers', 'requirements.txt');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const stamp = join(folder, 'stamp');
  const python = join(folder, 'bin', 'python');
  if ((await pathExists(stamp)) && (await readFile(stamp, 'utf8')) === digest) return python;
  console.log('Installing the peers into a Python environment, about 400 MB, once …');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const run = promisify(execFile);
  await run(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '-r', requirements], {
    maxBuffer: 2 ** 26,
  });
  await writeFileAtomic(stamp, digest);
  return python;
}
