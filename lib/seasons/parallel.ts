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
