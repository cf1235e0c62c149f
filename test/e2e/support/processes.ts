import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { projectRoot } from '../../../lib/home';

/** A line of a worker's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly activityType?: string;
  readonly activityId?: string;
  readonly attempt?: number;
  readonly done?: number;
  readonly total?: number;
  readonly [other: string]: unknown;
}

/** A process of the built program, as a user's supervisor would start it. */
export class Program {
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #listeners = new Set<(line: LogLine) => void>();
  readonly #other: string[] = [];

  constructor(parameters: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [join(projectRoot(), 'dist', 'cli', 'main.js'), ...parameters], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (text) => this.#read(text));
    }
  }

  /** Everything that was not a log line: what to show when a test fails. */
  get output(): string {
    return this.#other.join('\n');
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Resolves with the first line, past or future, that fits. */
  async line(fits: (line: LogLine) => boolean, what: string, milliseconds = 120_000): Promise<LogLine> {
    const past = this.lines.find(fits);
    if (past !== undefined) return past;
    return await new Promise((resolve, reject) => {
      const listener = (line: LogLine): void => {
        if (fits(line)) settle(() => resolve(line));
      };
      const fail = (reason: string): void =>
        settle(() => reject(new Error(`${reason} before ${what}.\n${this.#tail()}`)));
      const timer = setTimeout(() => fail(`${milliseconds / 1000} s passed`), milliseconds);
      const onExit = (): void => fail('The process ended');
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        this.#child.off('exit', onExit);
        end();
      };
      this.#listeners.add(listener);
      this.#child.once('exit', onExit);
    });
  }

  /** Kills without warning, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill(signal);
      await once(this.#child, 'exit');
    }
  }

  #read(text: string): void {
    if (!text.startsWith('{')) {
      this.#other.push(text);
      return;
    }
    const line = JSON.parse(text) as LogLine;
    this.lines.push(line);
    for (const listener of [...this.#listeners]) listener(line);
  }

  #tail(): string {
    return [...this.#other.slice(-20), ...this.lines.slice(-20).map((line) => JSON.stringify(line))].join('\n');
  }
}
