import { setMaxListeners } from 'node:events';

/**
 * Runs several workers side by side. The first that fails stops the others through their signal, and its error is
 * thrown once all have ended: nothing goes on behind the caller's back.
 */
export async function runWorkers(
  count: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, worker: number) => Promise<void>,
): Promise<void> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  // One signal for many requests at a time is meant, not a leak.
  setMaxListeners(0, stop.signal);
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const run = async (worker: number): Promise<void> => {
    try {
      await work(stop.signal, worker);
    } catch (error) {
      stop.abort(error);
    }
  };
  try {
    await Promise.all(Array.from({ length: count }, (_, worker) => run(worker)));
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  stop.signal.throwIfAborted();
}

/** Works on items as they come, several at a time. */
export async function forEachParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  await runWorkers(concurrency, signal, async (stop) => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      stop.throwIfAborted();
      await work(next.value, stop);
    }
  });
}
