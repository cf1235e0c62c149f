import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import { projectRoot } from '../../home';
import type { NetworkForm } from './network';
import type { LoadedNetwork, Reply, Request } from './protocol';

/** As compiled, also where tests run the rest from its sources. */
const PROGRAM = join('dist', 'lib', 'model', 'inference', 'program.js');
/**
 * Networks of small layers lose more by threads that wait for one another than they win: a process has one, and there
 * are several processes.
 */
const ONE_THREAD = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };

/** What it last said is kept for the case that it is lost; TensorFlow's notices of a good start concern nobody. */
const KEPT_OUTPUT = 2_000;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: SerengetiError) => void;
}

/**
 * TensorFlow in a process of its own, which ends with this one. This one's event loop stays free while it computes, and
 * goes on if it crashes or runs out of memory.
 */
export class InferenceProcess {
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  #lost: SerengetiError | undefined;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: Reply) => this.#settle()?.resolve(reply));
    child.on('error', (error) => this.#lose(error.message));
    child.on('close', (code, signal) => this.#lose(`it ended (${signal ?? `exit code ${code}`})`));
    const output = child.stderr as Socket;
    output.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
    });
    // Without a request under way it is no reason to stay alive.
    output.unref();
    child.unref();
    child.channel?.unref();
  }

  static start(): InferenceProcess {
    const child = fork(join(projectRoot(), PROGRAM), [], {
      env: { ...process.env, ...ONE_THREAD },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return new InferenceProcess(child);
  }

  /** Whether it can be asked. */
  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Replaces the network that it had. @throws SerengetiError MODEL_INVALID, INFERENCE_LOST */
  async load(directory: string, form: NetworkForm, batchSize?: number): Promise<LoadedNetwork> {
    const reply = await this.#ask({ load: { directory, form, ...(batchSize !== undefined && { batchSize }) } });
    return (reply as Extract<Reply, { loaded: unknown }>).loaded;
  }

  /** @returns a row a photograph @throws SerengetiError INFERENCE_LOST */
  async run(frames: readonly Uint8Array[]): Promise<Float32Array> {
    const reply = await this.#ask({ run: frames });
    return new Float32Array((reply as Extract<Reply, { rows: unknown }>).rows);
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  async #ask(request: Request): Promise<Reply> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      if (this.#lost !== undefined) return reject(this.#lost);
      this.#waiting = { resolve, reject };
      this.#child.channel?.ref();
      // Where it cannot be sent, the process has ended or is about to: that tells more.
      this.#child.send(request, () => undefined);
    });
    if (!('error' in reply)) return reply;
    const { code, message, details } = reply.error;
    throw code === undefined ? new Error(message) : new SerengetiError(code, message, { details: { ...details } });
  }

  #lose(reason: string): void {
    const { pid } = this.#child;
    this.#lost ??= new SerengetiError('INFERENCE_LOST', `The process ${pid} that runs the network is lost: ${reason}`, {
      details: { pid, output: this.#output },
    });
    this.#settle()?.reject(this.#lost);
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#child.channel?.unref();
    return waiting;
  }
}
