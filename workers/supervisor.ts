import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { EventEmitter, once } from 'node:events';

/** A process that ran this long was well; its next failure waits the shortest time again. */
const WELL_MILLISECONDS = 30_000;
const FIRST_DELAY_MILLISECONDS = 500;
const LONGEST_DELAY_MILLISECONDS = 30_000;

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Where its output goes, whole. */
  readonly logFile: string;
}

/**
 * Keeps a process running: one that ends is started again, at once the first time and later with growing pauses, until
 * `stop` is called. Emits `exit` with a description each time it ends by itself.
 */
export class Supervised extends EventEmitter<{ exit: [reason: string] }> {
  readonly #program: Program;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #delay = FIRST_DELAY_MILLISECONDS;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(program: Program) {
    super();
    this.#program = program;
    mkdirSync(dirname(program.logFile), { recursive: true });
    this.#log = createWriteStream(program.logFile, { flags: 'a' });
    this.#start();
  }

  get name(): string {
    return this.#program.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends the process: SIGTERM first, SIGKILL for one that does not listen. Resolves when it is gone. */
  async stop(patience = 35_000): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), patience);
      await gone;
      clearTimeout(impatience);
    }
    this.#log.end();
  }

  #start(): void {
    const { environment } = this.#program;
    const [command, ...parameters] = boundToThisProcess(this.#program);
    const started = performance.now();
    // A group of its own: Ctrl-C in the terminal reaches only the supervisor, which then stops its programs in order.
    const child = spawn(command, parameters, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    child.stdout.pipe(this.#log, { end: false });
    child.stderr.pipe(this.#log, { end: false });
    child.once('error', (error) => this.#ended(error.message, started));
    child.once('exit', (code, signal) => this.#ended(signal ?? `exit status ${code}`, started));
  }

  #ended(reason: string, started: number): void {
    if (this.#stopping) return;
    if (performance.now() - started > WELL_MILLISECONDS) this.#delay = FIRST_DELAY_MILLISECONDS;
    this.emit('exit', reason);
    this.#timer = setTimeout(() => this.#start(), this.#delay);
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MILLISECONDS);
  }
}

/**
 * The command of a program that ends when this process does, however that happens: Linux sends it SIGTERM. An orphaned
 * server would go on writing to the database that the next one opens.
 */
function boundToThisProcess({ command, arguments: parameters }: Program): [string, ...string[]] {
  return ['setpriv', '--pdeathsig', 'SIGTERM', '--', command, ...parameters];
}
