import type { Dispatcher } from 'undici';
import { failureOfError } from './failures';
import type { Sink } from './transport';

/** An HTTP answer without its body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Exchange {
  readonly dispatcher: Dispatcher;
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
 * One request and its answer. Chunks go from the connection to the sink without a stream between them: that halves what
 * a byte costs.
 *
 * @returns the answer, once the body has ended, is of no interest, or the sink has enough
 * @throws the signal's reason, what `receive` or the sink threw, or a SourceFailure of the connection
 */
export function exchange({ dispatcher, url, method, headers, receive, signal }: Exchange): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const handler = new AnswerHandler(url, receive, resolve, reject);
    const onAbort = (): void => handler.stop(signal?.reason);
    handler.onSettled = () => signal?.removeEventListener('abort', onAbort);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      dispatcher.dispatch({ origin, path: pathname + search, method, headers }, handler);
    } catch (error) {
      handler.stop(failureOfError(url, error));
    }
  });
}

class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #url: string;
  readonly #receive: Exchange['receive'];
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #answer: Answer | undefined;
  #sink: Sink | undefined;
  #drained = 0;
  #done = false;
  onSettled: () => void = () => undefined;

  constructor(
    url: string,
    receive: Exchange['receive'],
    resolve: (answer: Answer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#url = url;
    this.#receive = receive;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Ends the exchange from outside; one that waits for a connection as well. */
  stop(reason: unknown): void {
    this.#settle(() => this.#reject(reason));
    this.#cutOff();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done) this.#cutOff();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Answer['headers']): void {
    const answer = { status, headers };
    this.#answer = answer;
    try {
      this.#sink = this.#receive(answer);
    } catch (error) {
      return this.stop(error);
    }
    if (this.#sink === undefined) this.#settle(() => this.#resolve(answer));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink === undefined) {
      this.#drained += chunk.length;
      if (this.#drained > WORTH_DRAINING_BYTES) this.#cutOff();
      return;
    }
    // Going on after a pause gives an empty chunk while no more bytes are there; pausing again for it would never end.
    if (this.#done || chunk.length === 0) return;
    try {
      const more = this.#sink(chunk);
      if (typeof more === 'boolean') return this.#goOn(more);
      controller.pause();
      more.then(
        (result) => {
          this.#goOn(result);
          if (!this.#done) controller.resume();
        },
        (error: unknown) => this.stop(error),
      );
    } catch (error) {
      this.stop(error);
    }
  }

  onResponseEnd(): void {
    this.#settle(() => this.#resolve(this.#answer!));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#settle(() => this.#reject(failureOfError(this.#url, error)));
  }

  #goOn(more: boolean): void {
    if (more) return;
    this.#settle(() => this.#resolve(this.#answer!));
    this.#cutOff();
  }

  #cutOff(): void {
    this.#controller?.abort(new Error('The rest of the answer is not needed'));
  }

  #settle(how: () => void): void {
    if (this.#done) return;
    this.#done = true;
    this.onSettled();
    how();
  }
}
