import { setTimeout as sleep } from 'node:timers/promises';
import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { withoutSecrets } from '../../contracts/secrets';
import { SourceFailure, isMissing, noMirrorLeft } from '../../http/failures';
import { urlAt, type MirrorCopy, type SourceFile } from './source';
import { openTransport } from '../../http/openTransport';
import { TRANSFER_POLICY, type FileFacts, type TransferPolicy, type Transport } from '../../http/transport';

export interface ProbeOptions extends WorkOptions {
  readonly policy?: Partial<TransferPolicy>;
}

/** Two tries: a mirror that does not answer a probe is left out, the others are there. */
const PROBE_ATTEMPTS = 2;
const PROBE_CONNECTIONS = 4;

/**
 * Asks every mirror for a file.
 *
 * @throws SerengetiError SOURCE_MISSING, SOURCE_FORBIDDEN or SOURCE_UNREACHABLE when none has it, with what each said
 */
export async function probe(mirrors: readonly Mirror[], path: string, options: ProbeOptions = {}): Promise<SourceFile> {
  return withProbe(mirrors, options, (ask) => ask(path));
}

/** The same for several files, side by side. */
export async function probeFiles(
  mirrors: readonly Mirror[],
  paths: readonly string[],
  options: ProbeOptions = {},
): Promise<SourceFile[]> {
  return withProbe(mirrors, options, (ask) => Promise.all(paths.map(ask)));
}

/** Asks all mirrors for a file. */
export type Ask = (path: string) => Promise<SourceFile>;

/** Asks for files with the same connections. */
export async function withProbe<T>(
  mirrors: readonly Mirror[],
  options: ProbeOptions,
  use: (ask: Ask) => Promise<T>,
): Promise<T> {
  const policy = { ...TRANSFER_POLICY, attempts: PROBE_ATTEMPTS, ...options.policy };
  const transport = openTransport(PROBE_CONNECTIONS, policy);
  try {
    return await use((path) => probeWith(transport, policy, mirrors, path, options));
  } finally {
    await transport.close();
  }
}

async function probeWith(
  transport: Transport,
  policy: TransferPolicy,
  mirrors: readonly Mirror[],
  path: string,
  options: ProbeOptions,
): Promise<SourceFile> {
  const { onWarning } = options;
  const answers = await Promise.all(
    mirrors.map((mirror) => factsOrFailure(transport, policy, urlAt(mirror, path), options)),
  );
  const first = answers.find((answer): answer is SizedFacts => !(answer instanceof SourceFailure));
  if (first === undefined) throw noMirrorLeft(path, answers as SourceFailure[]);
  const at: MirrorCopy[] = [];
  for (const [i, answer] of answers.entries()) {
    const mirror = mirrors[i]!;
    if (answer instanceof SourceFailure) {
      // A 404 is normal; no answer is reported.
      if (!isMissing(answer)) onWarning?.({ message: `Mirror ${mirror.name} is left out: ${answer.message}` });
    } else if (answer.bytes !== first.bytes) {
      const message = `Mirror ${mirror.name} is left out: its ${path} has ${answer.bytes} bytes, not ${first.bytes}`;
      onWarning?.({ message, details: { path, mirror: mirror.name, bytes: answer.bytes, expected: first.bytes } });
    } else {
      at.push(copyAt(mirror, answer));
    }
  }
  return { path, bytes: first.bytes, validator: first.etag ?? first.lastModified ?? '', at };
}

type SizedFacts = FileFacts & { readonly bytes: number };

function copyAt(mirror: Mirror, { etag, lastModified, ranges }: FileFacts): MirrorCopy {
  return {
    mirror: mirror.name,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ranges,
  };
}

async function factsOrFailure(
  transport: Transport,
  policy: TransferPolicy,
  url: string,
  { signal, onWarning }: ProbeOptions,
): Promise<SizedFacts | SourceFailure> {
  for (let attempt = 1; ; attempt++) {
    try {
      const facts = await transport.facts(url, signal);
      if (facts.bytes !== undefined) return { ...facts, bytes: facts.bytes };
      onWarning?.({ message: `${withoutSecrets(url)} comes without its length: it is read once to measure it` });
      return { ...facts, bytes: await measure(transport, url, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof SourceFailure)) throw error;
      if (error.then !== 'wait' || attempt >= policy.attempts) return error;
      await sleep(Math.min(error.retryAfterMs ?? policy.pauseMs, policy.longestPauseMs), undefined, { signal });
    }
  }
}

/** For servers that make the file while they send it. */
async function measure(transport: Transport, url: string, signal: AbortSignal | undefined): Promise<number> {
  let bytes = 0;
  const count = (chunk: Uint8Array): boolean => {
    bytes += chunk.length;
    return true;
  };
  await transport.read(url, {}, count, signal);
  return bytes;
}
