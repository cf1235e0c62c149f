import { request as requestHttp, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { failureOfError } from './failures';
import type { Sink, TransferPolicy } from './transport';

/** An HTTP answer without its body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Exchange {
  readonly agent: Agent;
  readonly policy: Pick<TransferPolicy, 'connectTimeoutMs' | 'answerTimeoutMs' | 'stallTimeoutMs'>;
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Decides on the answer: gives a sink for its body, or `undefined` when the body is of no interest. What it throws
   * ends the exchange.
   */
  readonly receive: (answer: Answer) => Sink | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A body of no interest is read to its end up to this size, because that keeps the connection; else it is cut off. */
const WORTH_DRAINING_BYTES = 16 << 10;

/**
 * One request and its answer. However it ends, the sink is at rest then: what it was given last it has done with.
 *
 * @returns the answer, once the body has ended, is of no interest, or the sink has enough
 * @throws the signal's reason, what `receive` or the sink threw, or a SourceFailure of the connection
 */
export function exchange(asked: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    asked.signal?.throwIfAborted();
    new Conversation(asked, resolve, reject).begin();
  });
}

interface Ending {
  readonly well: boolean;
  readonly tell: () => void;
}

class Conversation {
  readonly #asked: Exchange;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort = (): void => this.#fail(this.#asked.signal?.reason);
  #request: ClientRequest | undefined;
  #patience: NodeJS.Timeout | undefined;
  /** Whether the sink is at work on a chunk. */
  #busy = false;
  /** How it ends, once the sink is at rest. */
  #ending: Ending | undefined;

  constructor(asked: Exchange, resolve: (answer: Answer) => void, reject: (error: unknown) => void) {
    this.#asked = asked;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { agent, url, method, headers, signal, policy } = this.#asked;
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    this.#request = request(url, { agent, method, headers });
    this.#request.once('socket', (socket) => this.#connecting(socket));
    this.#request.once('response', (message) => this.#answered(message));
    // Also after all is settled: cutting a connection off makes it fail.
    this.#request.on('error', (error) => this.#fail(failureOfError(url, error)));
    this.#request.end();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#wait(policy.connectTimeoutMs, 'CONNECT_TIMEOUT');
  }

  #connecting(socket: Socket): void {
    const connected = (): void => this.#wait(this.#asked.policy.answerTimeoutMs, 'ANSWER_TIMEOUT');
    if (socket.connecting) socket.once('connect', connected);
    else connected();
  }

  #answered(message: IncomingMessage): void {
    if (this.#ending !== undefined) return;
    const answer = { status: message.statusCode!, headers: message.headers };
    message.on('error', (error) => this.#fail(failureOfError(this.#asked.url, error)));
    let sink: Sink | undefined;
    try {
      sink = this.#asked.receive(answer);
    } catch (error) {
      return this.#fail(error);
    }
    if (sink === undefined) {
      this.#succeed(answer);
      return this.#leave(message);
    }
    message.once('end', () => this.#succeed(answer));
    this.#stalling();
    message.on('data', (chunk: Buffer) => this.#give(chunk, sink, message, answer));
  }

  #give(chunk: Buffer, sink: Sink, message: IncomingMessage, answer: Answer): void {
    if (this.#ending !== undefined) return;
    this.#busy = true;
    let more: boolean | Promise<boolean>;
    try {
      more = sink(chunk);
    } catch (error) {
      return this.#refused(error);
    }
    if (typeof more === 'boolean') {
      this.#patience?.refresh();
      return this.#taken(more, answer);
    }
    message.pause();
    // A sink may take its time: it is not the server that stalls.
    clearTimeout(this.#patience);
    more.then(
      (result) => {
        this.#taken(result, answer);
        if (this.#ending !== undefined) return;
        this.#stalling();
        message.resume();
      },
      (error: unknown) => this.#refused(error),
    );
  }

  /** The sink has done with a chunk. */
  #taken(more: boolean, answer: Answer): void {
    this.#busy = false;
    if (more) return this.#conclude();
    this.#succeed(answer);
    this.#request?.destroy();
  }

  /** The sink failed: that counts more than a body that ended well meanwhile. */
  #refused(error: unknown): void {
    this.#busy = false;
    if (this.#ending?.well === true) this.#ending = undefined;
    this.#fail(error);
  }

  /** Nobody wants the body. */
  #leave(message: IncomingMessage): void {
    const bytes = this.#asked.method === 'HEAD' ? 0 : Number(message.headers['content-length'] ?? Infinity);
    if (bytes > WORTH_DRAINING_BYTES) this.#request?.destroy();
    else message.resume();
  }

  #stalling(): void {
    this.#wait(this.#asked.policy.stallTimeoutMs, 'STALL_TIMEOUT');
  }

  /** From now on so long, then the exchange fails with the code. */
  #wait(ms: number, code: string): void {
    clearTimeout(this.#patience);
    if (this.#ending !== undefined) return;
    this.#patience = setTimeout(() => {
      this.#fail(failureOfError(this.#asked.url, Object.assign(new Error(code), { code })));
    }, ms);
  }

  #succeed(answer: Answer): void {
    this.#end({ well: true, tell: () => this.#resolve(answer) });
  }

  #fail(reason: unknown): void {
    this.#end({ well: false, tell: () => this.#reject(reason) });
    this.#request?.destroy();
  }

  #end(ending: Ending): void {
    if (this.#ending === undefined) {
      this.#ending = ending;
      clearTimeout(this.#patience);
      this.#asked.signal?.removeEventListener('abort', this.#onAbort);
    }
    this.#conclude();
  }

  #conclude(): void {
    if (!this.#busy) this.#ending?.tell();
  }
}
