/**
 * Works on items ahead of the reader, so many at a time, and hands the results over in the items' order. Work under way
 * when the reader leaves is waited for.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<readonly [item: T, result: R]> {
  const queue: { item: T; result: Promise<R> }[] = [];
  try {
    for (const item of items) {
      const result = work(item);
      // A failure surfaces when its turn comes; until then nobody listens, which must not end the process.
      result.catch(() => undefined);
      queue.push({ item, result });
      if (queue.length >= ahead) yield await next(queue);
    }
    while (queue.length > 0) yield await next(queue);
  } finally {
    await Promise.allSettled(queue.map(({ result }) => result));
  }
}

async function next<T, R>(queue: { item: T; result: Promise<R> }[]): Promise<readonly [T, R]> {
  const { item, result } = queue.shift()!;
  return [item, await result];
}
