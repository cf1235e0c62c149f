import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog, Mirror, Season, SeasonMetadata } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { camtrapDpTables, isZippedPackage } from '../catalog/dataPackage';
import { SourceFailure, isMissing, noMirrorLeft } from './failures';
import { readText } from './text';
import { TRANSFER_POLICY, openTransport, type FileFacts, type TransferPolicy, type Transport } from './transport';

/** A file at those mirrors that have it. JSON, small. */
export interface SourceFile {
  /** Relative to each mirror's address. */
  readonly path: string;
  readonly bytes: number;
  /** ETag or Last-Modified at the first mirror that has it; empty where that says neither. See {@link sourceVersions}. */
  readonly validator: string;
  /** In the catalog's order; at least one. */
  readonly at: readonly MirrorCopy[];
}

/** The file as one mirror has it. ETags differ between mirrors that hold the same bytes. */
export interface MirrorCopy {
  /** The mirror's name in the catalog. */
  readonly mirror: string;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly ranges: boolean;
}

/** What a season consists of at its mirrors. JSON, small. */
export interface SeasonSources {
  readonly season: string;
  /** In the catalog's order; a split archive's parts in theirs. */
  readonly archives: readonly SourceFile[];
  readonly metadata: readonly SourceFile[];
}

export interface ProbeOptions extends WorkOptions {
  readonly policy?: Partial<TransferPolicy>;
}

/** Two tries: a mirror that does not answer a probe is left out, the others are there. */
const PROBE_ATTEMPTS = 2;
const PROBE_CONNECTIONS = 4;
const LARGEST_DESCRIPTOR = 16 << 20;

/** Address of a file at a mirror. Names may hold characters that addresses may not. */
export function urlAt(mirror: Pick<Mirror, 'url'>, path: string): string {
  return mirror.url + path.split('/').map(encodeURIComponent).join('/');
}

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

/** Asks for everything that a season consists of. */
export async function probeSeason(
  catalog: Pick<Catalog, 'mirrors'>,
  season: Season,
  options: ProbeOptions = {},
): Promise<SeasonSources> {
  const metadata = await probeMetadata(catalog, season, options);
  return { season: season.id, archives: await probeArchives(catalog, season, options), metadata };
}

/**
 * Asks for a season's metadata alone. A Camtrap DP package's descriptor is read: it says which files there are besides.
 *
 * @throws SerengetiError also METADATA_INVALID, of a descriptor
 */
export async function probeMetadata(
  { mirrors }: Pick<Catalog, 'mirrors'>,
  { metadata }: Pick<Season, 'metadata'>,
  options: ProbeOptions = {},
): Promise<SourceFile[]> {
  const files = await probeFiles(mirrors, metadataPaths(metadata), options);
  if (metadata.format !== 'camtrap-dp' || isZippedPackage(metadata.path)) return files;
  const tables = camtrapDpTables(await textAt(mirrors, files[0]!, options), metadata.path);
  return [...files, ...(await probeFiles(mirrors, tables, options))];
}

/** A small file's text, from the first mirror that gives it. */
async function textAt(mirrors: readonly Mirror[], file: SourceFile, { policy, signal }: ProbeOptions): Promise<string> {
  const transport = openTransport(1, { ...TRANSFER_POLICY, ...policy });
  const failures: SourceFailure[] = [];
  try {
    for (const copy of file.at) {
      const mirror = mirrors.find(({ name }) => name === copy.mirror)!;
      try {
        const pinned = pinnedFacts(file, copy);
        const text = await readText(transport, urlAt(mirror, file.path), LARGEST_DESCRIPTOR, { pinned, signal });
        if (text !== undefined) return text;
        throw new SerengetiError(
          'METADATA_INVALID',
          `${file.path} has ${file.bytes} bytes: not a package's descriptor`,
        );
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error;
        failures.push(error);
      }
    }
  } finally {
    await transport.close();
  }
  throw noMirrorLeft(file.path, failures);
}

/** Asks for a season's archives alone. One that no mirror has as a whole is looked for in parts. */
export async function probeArchives(
  { mirrors }: Pick<Catalog, 'mirrors'>,
  { archives }: Pick<Season, 'archives'>,
  options: ProbeOptions = {},
): Promise<SourceFile[]> {
  return withProbe(mirrors, options, async (ask) =>
    (await Promise.all(archives.map((path) => probeArchive(ask, path)))).flat(),
  );
}

/** Paths of a season's metadata files that the catalog names, in the order of the schema. */
export function metadataPaths(metadata: SeasonMetadata): string[] {
  switch (metadata.format) {
    case 'coco-camera-traps':
    case 'camtrap-dp':
      return [metadata.path];
    case 'competition-csv':
      return [metadata.metadata, metadata.labels];
    case 'lila-csv':
      return [metadata.images, metadata.annotations];
  }
}

/**
 * Digests that tell whether files are still the same, one a mirror that has them all, in the catalog's order. What was
 * made from any of these versions was made from these files; a mirror being away for a while changes none of the others.
 */
export function sourceVersions(files: readonly SourceFile[]): string[] {
  const mirrors = files[0]?.at.map((copy) => copy.mirror) ?? [];
  return mirrors.flatMap((mirror) => {
    const copies = files.map((file) => file.at.find((copy) => copy.mirror === mirror));
    if (copies.includes(undefined)) return [];
    const facts = files.map((file, i) => [file.path, file.bytes, copies[i]!.etag ?? copies[i]!.lastModified]);
    return [createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32)];
  });
}

/** What a mirror's copy has to be still. */
export function pinnedFacts(file: SourceFile, copy: MirrorCopy): FileFacts {
  const { etag, lastModified, ranges } = copy;
  return {
    bytes: file.bytes,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ranges,
  };
}

type Ask = (path: string) => Promise<SourceFile>;

async function withProbe<T>(
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
  { signal, onWarning }: ProbeOptions,
): Promise<SourceFile> {
  const answers = await Promise.all(
    mirrors.map((mirror) => factsOrFailure(transport, policy, urlAt(mirror, path), signal)),
  );
  const first = answers.find((answer): answer is SizedFacts => !(answer instanceof SourceFailure));
  if (first === undefined) throw noMirrorLeft(path, answers as SourceFailure[]);
  const at: MirrorCopy[] = [];
  for (const [i, answer] of answers.entries()) {
    const mirror = mirrors[i]!;
    if (answer instanceof SourceFailure) {
      // That a mirror lacks a file is its right; that it does not answer is news.
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
  signal: AbortSignal | undefined,
): Promise<SizedFacts | SourceFailure> {
  for (let attempt = 1; ; attempt++) {
    try {
      const facts = await transport.facts(url, signal);
      return facts.bytes === undefined ? sizeless(url) : { ...facts, bytes: facts.bytes };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof SourceFailure)) throw error;
      if (error.then !== 'wait' || attempt >= policy.attempts) return error;
      await sleep(Math.min(error.retryAfterMs ?? policy.pauseMs, policy.longestPauseMs), undefined, { signal });
    }
  }
}

function sizeless(url: string): SourceFailure {
  const verdict = { code: 'SOURCE_UNREACHABLE', then: 'leave' } as const;
  return new SourceFailure(verdict, `${url}: the server does not say how large the file is`, { url });
}

async function probeArchive(ask: Ask, path: string): Promise<SourceFile[]> {
  try {
    return [await ask(path)];
  } catch (error) {
    if (!isMissing(error)) throw error;
    const parts = await probeParts(ask, path);
    if (parts.length === 0) throw error;
    return parts;
  }
}

/** `S08.zip` in parts is `S08_part1.zip`, `S08_part2.zip`, … up to the first that is missing. */
async function probeParts(ask: Ask, path: string): Promise<SourceFile[]> {
  const parts: SourceFile[] = [];
  for (;;) {
    try {
      parts.push(await ask(path.replace(/(\.[^./]*)?$/, `_part${parts.length + 1}$1`)));
    } catch (error) {
      if (isMissing(error)) return parts;
      throw error;
    }
  }
}
