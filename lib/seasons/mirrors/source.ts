import { createHash } from 'node:crypto';
import type { Mirror } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { FileFacts } from '../../http/transport';

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

/**
 * Address of a file at a mirror. Names may hold characters that addresses may not; a query of the mirror's address, such as
 * a signature, stays behind the path.
 *
 * @throws SerengetiError CATALOG_UNREACHABLE of the sample's mirror while nothing serves it
 */
export function urlAt(mirror: Pick<Mirror, 'url'>, path: string): string {
  if (isUnserved(mirror)) throw sampleUnserved();
  const [, base, query] = /^([^?]*)(.*)$/.exec(mirror.url)!;
  return `${base}${path.split('/').map(encodeURIComponent).join('/')}${query}`;
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

/** Whether it is the sample's mirror, which has no address while nothing serves it. */
export function isUnserved({ url }: Pick<Mirror, 'url'>): boolean {
  return url.startsWith('.');
}

export function sampleUnserved(): SerengetiError {
  return new SerengetiError(
    'CATALOG_UNREACHABLE',
    'The catalog "sample" is not served here: `npm start` draws and serves it',
    { details: { catalog: 'sample' } },
  );
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
