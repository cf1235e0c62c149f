import { open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SourceFailure, failureOfError } from './failures';
import { sameFile, type FileFacts, type Transport } from './transport';

/** Reads `file://` addresses. The modification time stands for the ETag. */
export const fileTransport: Transport = {
  async facts(url) {
    try {
      return describe(await stat(fileURLToPath(url)), url);
    } catch (error) {
      throw failureOfError(url, error);
    }
  },

  async read(url, { range, pinned }, signal) {
    signal?.throwIfAborted();
    try {
      const file = await open(fileURLToPath(url), 'r');
      try {
        const facts = describe(await file.stat(), url);
        if (pinned !== undefined && !sameFile(pinned, facts)) throw changed(url);
        return chunksOf(url, file, range ?? { start: 0, end: facts.bytes }, signal);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw failureOfError(url, error);
    }
  },

  close: () => Promise.resolve(),
};

const CHUNK = 1 << 20;

async function* chunksOf(
  url: string,
  file: Awaited<ReturnType<typeof open>>,
  { start, end }: { start: number; end: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    let position = start;
    while (position < end) {
      signal?.throwIfAborted();
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw changed(url);
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw failureOfError(url, error);
  } finally {
    await file.close();
  }
}

function describe(
  info: { isFile(): boolean; size: number; mtimeMs: number },
  url: string,
): FileFacts & { readonly bytes: number } {
  if (!info.isFile()) {
    throw new SourceFailure({ code: 'SOURCE_MISSING', then: 'leave' }, `${url} is not a file`, { url });
  }
  return {
    bytes: info.size,
    etag: `"${Math.round(info.mtimeMs).toString(36)}-${info.size.toString(36)}"`,
    ranges: true,
  };
}

function changed(url: string): SourceFailure {
  return new SourceFailure({ code: 'SOURCE_CHANGED', then: 'restart' }, `${url} was changed while it was read`, {
    url,
  });
}
