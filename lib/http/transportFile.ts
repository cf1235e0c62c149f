import { open, stat, type FileHandle } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SourceFailure, failureOfError } from './failures';
import { sameFile, type ByteRange, type FileFacts, type Sink, type Transport } from './transport';

/** Reads `file://` addresses. The modification time stands for the ETag. */
export const fileTransport: Transport = {
  async facts(url) {
    try {
      return describe(await stat(fileURLToPath(url)), url);
    } catch (error) {
      throw failureOfError(url, error);
    }
  },

  async read(url, { range, pinned }, sink, signal) {
    const file = await open(fileURLToPath(url), 'r').catch((error: unknown) => {
      throw failureOfError(url, error);
    });
    try {
      const facts = describe(await file.stat(), url);
      if (pinned !== undefined && !sameFile(pinned, facts)) throw changed(url);
      await pour(url, file, range ?? { start: 0, end: facts.bytes }, sink, signal);
    } finally {
      await file.close();
    }
  },

  close: () => Promise.resolve(),
};

const CHUNK = 1 << 20;

async function pour(
  url: string,
  file: FileHandle,
  { start, end }: ByteRange,
  sink: Sink,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let position = start, more = true; more && position < end;) {
    signal?.throwIfAborted();
    // Not the memory of the chunk before: the sink may hold it still.
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, end - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position).catch((error: unknown) => {
      throw failureOfError(url, error);
    });
    if (bytesRead === 0) throw changed(url);
    position += bytesRead;
    more = await sink(buffer.subarray(0, bytesRead));
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
