import type { Catalog, Mirror, Season, SeasonMetadata } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import { camtrapDpTables, isZippedPackage } from '../catalog/dataPackage';
import { SourceFailure, isMissing, noMirrorLeft } from '../../http/failures';
import { probeFiles, withProbe, type Ask, type ProbeOptions } from './probe';
import { pinnedFacts, urlAt, type SourceFile } from './source';
import { readText } from '../../http/text';
import { openTransport } from '../../http/openTransport';
import { TRANSFER_POLICY } from '../../http/transport';

/** What a season consists of at its mirrors. JSON, small. */
export interface SeasonSources {
  readonly season: string;
  /** In the catalog's order; a split archive's parts in theirs. */
  readonly archives: readonly SourceFile[];
  readonly metadata: readonly SourceFile[];
}

const LARGEST_DESCRIPTOR = 16 << 20;

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
 * Asks for a season's metadata alone, its detections among it. A Camtrap DP package's descriptor is read: it says which
 * files there are besides.
 *
 * @throws SerengetiError also METADATA_INVALID, of a descriptor
 */
export async function probeMetadata(
  { mirrors }: Pick<Catalog, 'mirrors'>,
  season: Pick<Season, 'metadata' | 'detections'>,
  options: ProbeOptions = {},
): Promise<SourceFile[]> {
  const { metadata } = season;
  const files = await probeFiles(mirrors, metadataPaths(season), options);
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

/** Paths of a season's metadata files that the catalog names, in the order of the schema, and of its detections. */
export function metadataPaths({ metadata, detections }: Pick<Season, 'metadata' | 'detections'>): string[] {
  return [...labelPaths(metadata), ...(detections === undefined ? [] : [detections])];
}

function labelPaths(metadata: SeasonMetadata): string[] {
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
