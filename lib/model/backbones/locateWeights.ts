import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { serengetiHome } from '../../io/home';
import { SourceFailure, TRANSFER_POLICY, openTransport } from '../../seasons';
import { writeAtomic } from '../../io/files';
import type { Backbone } from './backbone';

export interface WeightsPlace {
  /** A local file to use instead of the published one; any file that fits the network will do. */
  readonly file?: string;
  /** Where fetched weights are kept. @default `weights` in the project's state folder */
  readonly cacheDir?: string;
}

export interface LocatedWeights {
  readonly path: string;
  /** Of the file as it was published or named. */
  readonly sha256: string;
}

type DigestAlgorithm = Backbone['source']['digest']['algorithm'];

/** A server that says nothing for so long is not reachable. */
const SILENCE_MS = 60_000;

/**
 * Finds the weights of a backbone: the local file that was named, the one that set-up brought, or the published one,
 * fetched on first use. The latter two are checked against their pinned digest every time.
 *
 * @throws SerengetiError WEIGHTS_UNREACHABLE, WEIGHTS_INVALID, SOURCE_CORRUPT, DISK_FULL
 */
export async function locateWeights(
  backbone: Backbone,
  { file, cacheDir = join(serengetiHome(), 'weights') }: WeightsPlace = {},
  work: WorkOptions = {},
): Promise<LocatedWeights> {
  if (file !== undefined) return localFile(backbone, resolve(file), work);
  if (backbone.source.url === undefined) return preparedFile(backbone, work);
  return cachedFile(backbone, backbone.source.url, join(cacheDir, backbone.source.file), work);
}

async function localFile(backbone: Backbone, path: string, { signal }: WorkOptions): Promise<LocatedWeights> {
  if (!existsSync(path)) {
    throw new SerengetiError('WEIGHTS_INVALID', `There is no weights file of ${backbone.name} at ${path}`, {
      details: { path },
    });
  }
  return { path, sha256: await digest(path, 'sha256', signal) };
}

/** What set-up unpacked. */
async function preparedFile(backbone: Backbone, { signal }: WorkOptions): Promise<LocatedWeights> {
  const path = join(serengetiHome(), 'native', backbone.name, backbone.source.file);
  if (!existsSync(path)) {
    throw new SerengetiError('MODEL_RUNTIME_MISSING', `The weights of ${backbone.name} are not at ${path}`, {
      details: { path },
    });
  }
  const { algorithm, hex } = backbone.source.digest;
  const actual = await digest(path, algorithm, signal);
  if (actual !== hex) {
    throw new SerengetiError('WEIGHTS_INVALID', `${path} has the ${algorithm} ${actual}, expected ${hex}`, {
      details: { path },
    });
  }
  return { path, sha256: backbone.source.publishedSha256 ?? (await digest(path, 'sha256', signal)) };
}

async function cachedFile(backbone: Backbone, url: string, path: string, work: WorkOptions): Promise<LocatedWeights> {
  const { algorithm, hex } = backbone.source.digest;
  const whole = existsSync(path) && (await digest(path, algorithm, work.signal)) === hex;
  if (!whole) await fetchFile(backbone, url, path, work);
  return { path, sha256: await digest(path, 'sha256', work.signal) };
}

async function fetchFile(backbone: Backbone, url: string, path: string, work: WorkOptions): Promise<void> {
  const { bytes: total, digest: pinned } = backbone.source;
  const hash = createHash(pinned.algorithm);
  const transport = openTransport(1, { ...TRANSFER_POLICY, answerTimeoutMs: SILENCE_MS, stallTimeoutMs: SILENCE_MS });
  let done = 0;
  try {
    await writeAtomic(path, async (temporary) => {
      const file = await open(temporary, 'w');
      try {
        const take = async (chunk: Uint8Array): Promise<boolean> => {
          await file.writeFile(chunk);
          hash.update(chunk);
          done += chunk.length;
          work.onProgress?.({ done, total, unit: 'bytes', note: `weights of ${backbone.name}` });
          return true;
        };
        await transport.read(url, {}, take, work.signal);
      } finally {
        await file.close();
      }
      expectDigest(url, done, hash.digest('hex'), backbone);
    });
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    throw unreachable(backbone, url, error);
  } finally {
    await transport.close();
  }
}

function expectDigest(url: string, bytes: number, actual: string, { source }: Backbone): void {
  const { algorithm, hex } = source.digest;
  if (actual === hex) return;
  throw new SerengetiError(
    'SOURCE_CORRUPT',
    `${url} gave ${bytes} bytes with the ${algorithm} ${actual}, expected ${source.bytes} bytes with ${hex}`,
    { details: { url } },
  );
}

function unreachable(backbone: Backbone, url: string, cause: SourceFailure): SerengetiError {
  return new SerengetiError(
    'WEIGHTS_UNREACHABLE',
    `The weights of ${backbone.name} cannot be fetched: ${cause.message}. ` +
      'Where this host cannot be reached, bring the file and name it in `model.weights`',
    { cause, details: { url } },
  );
}

async function digest(path: string, algorithm: DigestAlgorithm, signal?: AbortSignal): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) {
    signal?.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
