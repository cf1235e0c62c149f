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
 * One request and its answer. When this settles, the sink has finished its last write.
 *
 * @returns the answer, once the body has ended, is of no interest, or the sink has enough
 * @throws the signal's reason, what `receive` or the sink threw, or a SourceFailure of the connection
 */
export function exchange(asked: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    asked.signal?.throwIfAborted();
    new HttpRequest(asked, resolve, reject).begin();
  });
}

interface Outcome {
  readonly ok: boolean;
  readonly settle: () => void;
}

class HttpRequest {
  readonly #exchange: Exchange;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort = (): void => this.#fail(this.#exchange.signal?.reason);
  #request: ClientRequest | undefined;
  #timeout: NodeJS.Timeout | undefined;
  /** Whether the sink is at work on a chunk. */
  #busy = false;
  /** Known before the sink has finished its last write; this settles after that. */
  #outcome: Outcome | undefined;

  constructor(exchange: Exchange, resolve: (answer: Answer) => void, reject: (error: unknown) => void) {
    this.#exchange = exchange;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { agent, url, method, headers, signal, policy } = this.#exchange;
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    this.#request = request(url, { agent, method, headers });
    this.#request.once('socket', (socket) => this.#connecting(socket));
    this.#request.once('response', (message) => this.#answered(message));
    // Also after this settled: destroying a request emits an error.
    this.#request.on('error', (error) => this.#fail(failureOfError(url, error)));
    this.#request.end();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#limitTo(policy.connectTimeoutMs, 'CONNECT_TIMEOUT');
  }

  #connecting(socket: Socket): void {
    const connected = (): void => this.#limitTo(this.#exchange.policy.answerTimeoutMs, 'ANSWER_TIMEOUT');
    if (socket.connecting) socket.once('connect', connected);
    else connected();
  }

  #answered(message: IncomingMessage): void {
    if (this.#outcome !== undefined) return;
    const answer = { status: message.statusCode!, headers: message.headers };
    message.on('error', (error) => this.#fail(failureOfError(this.#exchange.url, error)));
    let sink: Sink | undefined;
    try {
      sink = this.#exchange.receive(answer);
    } catch (error) {
      return this.#fail(error);
    }
    if (sink === undefined) {
      this.#succeed(answer);
      return this.#discard(message);
    }
    message.once('end', () => this.#succeed(answer));
    this.#expectBytes();
    message.on('data', (chunk: Buffer) => this.#deliver(chunk, sink, message, answer));
  }

  #deliver(chunk: Buffer, sink: Sink, message: IncomingMessage, answer: Answer): void {
    if (this.#outcome !== undefined) return;
    this.#busy = true;
    let more: boolean | Promise<boolean>;
    try {
      more = sink(chunk);
    } catch (error) {
      return this.#sinkFailed(error);
    }
    if (typeof more === 'boolean') {
      this.#timeout?.refresh();
      return this.#delivered(more, answer);
    }
    message.pause();
    // While the sink writes it is not the server that stalls.
    clearTimeout(this.#timeout);
    more.then(
      (result) => {
        this.#delivered(result, answer);
        if (this.#outcome !== undefined) return;
        this.#expectBytes();
        message.resume();
      },
      (error: unknown) => this.#sinkFailed(error),
    );
  }

  /** The sink has finished a write. */
  #delivered(more: boolean, answer: Answer): void {
    this.#busy = false;
    if (more) return this.#settleWhenIdle();
    this.#succeed(answer);
    this.#request?.destroy();
  }

  /** An error of the sink replaces the success of a body that ended meanwhile. */
  #sinkFailed(error: unknown): void {
    this.#busy = false;
    if (this.#outcome?.ok === true) this.#outcome = undefined;
    this.#fail(error);
  }

  /** A body of no interest. */
  #discard(message: IncomingMessage): void {
    const bytes = this.#exchange.method === 'HEAD' ? 0 : Number(message.headers['content-length'] ?? Infinity);
    if (bytes > WORTH_DRAINING_BYTES) this.#request?.destroy();
    else message.resume();
  }

  #expectBytes(): void {
    this.#limitTo(this.#exchange.policy.stallTimeoutMs, 'STALL_TIMEOUT');
  }

  /** Fails the exchange with this code unless something comes within so many milliseconds. */
  #limitTo(ms: number, code: string): void {
    clearTimeout(this.#timeout);
    if (this.#outcome !== undefined) return;
    this.#timeout = setTimeout(() => {
      this.#fail(failureOfError(this.#exchange.url, Object.assign(new Error(code), { code })));
    }, ms);
  }

  #succeed(answer: Answer): void {
    this.#finish({ ok: true, settle: () => this.#resolve(answer) });
  }

  #fail(reason: unknown): void {
    this.#finish({ ok: false, settle: () => this.#reject(reason) });
    this.#request?.destroy();
  }

  #finish(outcome: Outcome): void {
    if (this.#outcome === undefined) {
      this.#outcome = outcome;
      clearTimeout(this.#timeout);
      this.#exchange.signal?.removeEventListener('abort', this.#onAbort);
    }
    this.#settleWhenIdle();
  }

  #settleWhenIdle(): void {
    if (!this.#busy) this.#outcome?.settle();
  }
}
