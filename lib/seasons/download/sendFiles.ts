import { posix } from 'node:path';
import type { Mirror } from '../../contracts/catalog';
import { forEachParallel } from '../../io/parallel';
import type { PartSink } from '../../store';
import { openRemoteReader } from '../mirrors/remoteReader';
import type { SourceFile } from '../mirrors/source';
import type { DownloadOptions } from './fetch';
import type { FilesDownload } from './downloadFiles';
import { Throttle } from './throttle';

const CONNECTIONS = 8;

export interface SendRequest {
  readonly mirrors: readonly Mirror[];
  /** As they were probed; each at one mirror at least that sends parts. */
  readonly files: readonly SourceFile[];
  /** Opens the way into the store for a file; `undefined` when it is there already. */
  readonly send: (name: string, bytes: number, signal?: AbortSignal) => Promise<PartSink | undefined>;
}

/**
 * Brings files from their mirrors into a store, part by part, without touching this host's disk; memory holds the parts
 * on their way. Called again after it was stopped or killed, on this host or another one, it sends what is missing.
 *
 * @throws SerengetiError SOURCE_UNREACHABLE, SOURCE_MISSING, SOURCE_FORBIDDEN, SOURCE_CORRUPT; SOURCE_CHANGED when a file
 *   is another one than was probed; STORE_UNREACHABLE
 */
export async function sendFiles(request: SendRequest, options: DownloadOptions = {}): Promise<FilesDownload> {
  const total = request.files.reduce((sum, file) => sum + file.bytes, 0);
  const throttle = Throttle.shared(options.bytesPerSecond);
  const sum = { bytes: 0, fetchedBytes: 0, reusedBytes: 0 };
  const names: string[] = [];
  const add = (bytes: number, kind: 'fetchedBytes' | 'reusedBytes', note: string): void => {
    sum.bytes += bytes;
    sum[kind] += bytes;
    options.onProgress?.({ done: sum.bytes, total, unit: 'bytes', reused: sum.reusedBytes, note });
  };
  for (const file of request.files) {
    const name = posix.basename(file.path);
    names.push(name);
    const sink = await request.send(name, file.bytes, options.signal);
    if (sink === undefined) {
      add(file.bytes, 'reusedBytes', name);
      continue;
    }
    add(sink.doneBytes, 'reusedBytes', name);
    await sendParts(sink, request.mirrors, file, options, async (bytes, signal) => {
      await throttle.pass(bytes, signal);
      add(bytes, 'fetchedBytes', name);
    });
    await sink.complete(options.signal);
  }
  return { ...sum, files: names };
}

async function sendParts(
  sink: PartSink,
  mirrors: readonly Mirror[],
  file: SourceFile,
  { signal, policy, onWarning, connections = CONNECTIONS }: DownloadOptions,
  sent: (bytes: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const reader = openRemoteReader(mirrors, file, {
    connections,
    ...(policy === undefined ? {} : { policy }),
    ...(onWarning === undefined ? {} : { onWarning }),
  });
  const buffers: Buffer[] = [];
  try {
    await forEachParallel(sink.missing(), connections, signal, async (part, stop) => {
      const { start, length } = sink.range(part);
      const buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(sink.range(0).length);
      await sink.put(part, await reader.read(start, length, stop, buffer), stop);
      buffers.push(buffer);
      await sent(length, stop);
    });
  } finally {
    await reader.close();
  }
}
