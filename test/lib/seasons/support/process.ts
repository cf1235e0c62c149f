import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of this folder in a process of its own, to be killed. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /**
   * @param input - what the program reads as JSON from its first argument
   * @param environment - besides this process's own
   */
  constructor(name: string, input: unknown, environment: NodeJS.ProcessEnv = {}) {
    const hook = join(__dirname, '..', '..', '..', 'support', 'typescript.cjs');
    const args = ['-r', hook, join(__dirname, name), JSON.stringify(input)];
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    this.#ended = once(this.#child, 'exit');
  }

  /** Waits until the program prints a number that is large enough, or ends. */
  async reaches(value: number): Promise<void> {
    for await (const line of createInterface({ input: this.#child.stdout! })) if (Number(line) >= value) return;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** @returns the exit code */
  async end(): Promise<number | null> {
    this.#child.stdout!.resume();
    await this.#ended;
    return this.#child.exitCode;
  }
}
