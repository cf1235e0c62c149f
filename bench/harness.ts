import { execFile } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, serengetiHome } from '../lib/io/home';

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

/** Python with the packages that measurements run beside this project, as set-up installs it. */
export function peerPython(): string {
  return join(serengetiHome(), 'python-bench', 'bin', 'python');
}

/** Path of a program that is written for that Python. */
export function peerProgram(name: string): string {
  return join(projectRoot(), 'bench', 'peers', name);
}
