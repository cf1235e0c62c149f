import { setMaxListeners } from 'node:events';

/**
 * Works on items as they come, several at a time. The first error stops the taking of further items; those under way
 * are waited for, so that nothing goes on behind the caller's back.
 */
export async function forEachParallel<T>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    try {
      for (let next = iterator.next(); next.done !== true && failures.length === 0; next = iterator.next()) {
        await work(next.value);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0) throw failures[0];
}

/**
 * Runs several workers side by side. The first that fails stops the others through their signal, and its error is
 * thrown once all have ended.
 */
export async function runWorkers(
  count: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  // One signal for many requests at a time is meant, not a leak.
  setMaxListeners(0, stop.signal);
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const worker = async (): Promise<void> => {
    try {
      await work(stop.signal);
    } catch (error) {
      stop.abort(error);
    }
  };
  try {
    await Promise.all(Array.from({ length: count }, worker));
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  stop.signal.throwIfAborted();
}
