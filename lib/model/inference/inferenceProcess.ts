import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fromCloneable } from '../../io/cloneableError';
import { SerengetiError } from '../../contracts/errors';
import { builtModule } from '../../io/home';
import type { NetworkForm } from './network';
import { head, LENGTHS_BYTES, lengthsOf, REPLIES_FD, type LoadedNetwork, type Reply, type Request } from './protocol';

/**
 * Networks of small layers lose more by threads that wait for one another than they win: a process has one, and there
 * are several processes.
 */
const ONE_THREAD = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };

/** What it last said is kept for the case that it is lost; TensorFlow's notices of a good start concern nobody. */
const KEPT_OUTPUT = 2_000;

interface Answer {
  readonly reply: Reply;
  readonly body: Float32Array;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: SerengetiError) => void;
}

/**
 * TensorFlow in a process of its own, which ends with this one. This one's event loop stays free while it computes, and
 * goes on if it crashes or runs out of memory.
 */
export class InferenceProcess {
  readonly #child: ChildProcess;
  readonly #requests: Socket;
  readonly #replies: Socket;
  /** Of the reply that is on its way. */
  #received: Buffer[] = [];
  #waiting: Waiting | undefined;
  #lost: SerengetiError | undefined;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#requests = child.stdin as Socket;
    this.#replies = child.stdio[REPLIES_FD] as Socket;
    child.on('error', (error) => this.#lose(error.message));
    child.on('close', (code, signal) => this.#lose(`it ended (${signal ?? `exit code ${code}`})`));
    // A pipe that breaks is told of by the end of the process.
    this.#requests.on('error', () => undefined);
    this.#replies.on('error', () => undefined).on('data', (bytes: Buffer) => this.#receive(bytes));
    const output = child.stderr as Socket;
    output.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
    });
    output.unref();
    child.unref();
    this.#holdOpen(false);
  }

  static start(): InferenceProcess {
    const child = spawn(process.execPath, [builtModule('lib/model/inference/program.js')], {
      env: { ...process.env, ...ONE_THREAD },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    return new InferenceProcess(child);
  }

  /** Whether it can be asked. */
  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Replaces the network that it had. @throws SerengetiError MODEL_INVALID, INFERENCE_LOST */
  async load(directory: string, form: NetworkForm, batchSize?: number): Promise<LoadedNetwork> {
    const { reply } = await this.#ask({ load: { directory, form, ...(batchSize !== undefined && { batchSize }) } });
    return (reply as Extract<Reply, { loaded: unknown }>).loaded;
  }

  /** @returns a row a photograph @throws SerengetiError INFERENCE_LOST */
  async run(photographs: readonly Uint8Array[]): Promise<Float32Array> {
    const { body } = await this.#ask({ run: photographs.length }, photographs);
    return body;
  }

  end(): void {
    this.#requests.end();
  }

  async #ask(request: Request, body: readonly Uint8Array[] = []): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (this.#lost !== undefined) return reject(this.#lost);
      this.#waiting = { resolve, reject };
      this.#holdOpen(true);
      this.#send(request, body);
    });
    if ('error' in answer.reply) throw fromCloneable(answer.reply.error);
    return answer;
  }

  #send(request: Request, body: readonly Uint8Array[]): void {
    const bodyBytes = body.reduce((sum, { length }) => sum + length, 0);
    this.#requests.cork();
    this.#requests.write(head(request, bodyBytes));
    for (const part of body) this.#requests.write(part);
    this.#requests.uncork();
  }

  #receive(bytes: Buffer): void {
    this.#received.push(bytes);
    const all = Buffer.concat(this.#received);
    if (all.length < LENGTHS_BYTES) return;
    const { jsonBytes, bodyBytes } = lengthsOf(all);
    const bodyStart = LENGTHS_BYTES + jsonBytes;
    if (all.length < bodyStart + bodyBytes) return;
    this.#received = [];
    const reply = JSON.parse(all.toString('utf8', LENGTHS_BYTES, bodyStart)) as Reply;
    const body = new Float32Array(new Uint8Array(all.subarray(bodyStart)).buffer);
    this.#settle()?.resolve({ reply, body });
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
    this.#holdOpen(false);
    return waiting;
  }

  /** Only with a request under way it is a reason for this process to stay alive. */
  #holdOpen(busy: boolean): void {
    for (const pipe of [this.#requests, this.#replies]) {
      if (busy) pipe.ref();
      else pipe.unref();
    }
  }
}
