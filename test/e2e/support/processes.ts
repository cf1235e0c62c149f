import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { projectRoot } from '../../../lib/io/home';

/** Workers try submissions with `main.mjs` alone: that `main.py` runs too is for other tests to see. */
export const WITHOUT_PYTHON = { SERENGETI_PYTHON: 'none' } as const;

/** A process of the built program, as a user's supervisor would start it. */
export class Program {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #lines: string[] = [];

  /** @param before - what stands before the command, to run it on another host or with other rights */
  constructor(parameters: readonly string[], environment: NodeJS.ProcessEnv, before: readonly string[] = []) {
    const [command, ...rest] = [
      ...before,
      process.execPath,
      join(projectRoot(), 'dist', 'cli', 'main.js'),
      ...parameters,
    ];
    this.#child = spawn(command!, rest, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#lines.push(line));
    }
  }

  /** Everything it wrote. */
  get output(): string {
    return this.#lines.join('\n');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.ended();
  }

  /** Waits for the end: its exit status, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode ?? this.#child.signalCode;
  }
}
