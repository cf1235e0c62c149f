import { setTimeout as sleep } from 'node:timers/promises';
import { SerengetiError } from '../../contracts/errors';
import type { Bucket } from './bucket';
import { asStoreError } from './failures';

/** Times in a row that an object's bytes may break off without a single one having come. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MILLISECONDS = 100;

/**
 * An object's bytes from `start` on to before `end`. Where they break off it asks for the rest; the pauses double.
 *
 * @throws SerengetiError STORE_UNREACHABLE when none come any more; ARTIFACT_CORRUPT when the object is shorter
 */
export async function* readObject(
  bucket: Bucket,
  name: string,
  { start, end }: { readonly start: number; readonly end: number },
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  let position = start;
  let failures = 0;
  while (position < end) {
    const before = position;
    let failure: Error | undefined;
    try {
      for await (const chunk of await bucket.stream(name, { start: position, end }, signal)) {
        position += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    } catch (error) {
      if (error instanceof SerengetiError) throw error;
      failure = asStoreError(error, 'read', bucket.uriOf(name), signal) as Error;
    }
    if (position >= end) return;
    failures = position > before ? 1 : failures + 1;
    if (failures === ATTEMPTS) throw failure ?? (await endsEarly(bucket, name, end, signal));
    await sleep(FIRST_PAUSE_MILLISECONDS * 2 ** (failures - 1), undefined, { signal });
  }
}

/** Without an error the connection was closed in time, or there is no more. */
async function endsEarly(
  bucket: Bucket,
  name: string,
  expected: number,
  signal?: AbortSignal,
): Promise<SerengetiError> {
  const bytes = await bucket.sizeOf(name, signal);
  const uri = bucket.uriOf(name);
  return bytes !== undefined && bytes < expected
    ? new SerengetiError('ARTIFACT_CORRUPT', `${uri} has ${bytes} bytes; it should have at least ${expected}`, {
        details: { uri, bytes, expected },
      })
    : new SerengetiError('STORE_UNREACHABLE', `${uri} breaks off, again and again`, { details: { uri, bytes } });
}
