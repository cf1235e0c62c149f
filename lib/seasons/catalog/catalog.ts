import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogSchema, type Catalog } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { parseWith } from '../../contracts/validate';
import { SourceFailure, isMissing } from '../../http/failures';
import { parseJsonText } from '../../io/jsonText';
import { LILA } from './lila';
import { isUnserved, sampleUnserved } from '../mirrors/source';
import { maySendTo } from '../../http/internal';
import { readText } from '../../http/text';
import { openTransport } from '../../http/openTransport';
import { TRANSFER_POLICY } from '../../http/transport';

/** Larger than any sensible catalog. */
const LARGEST_CATALOG = 16 << 20;

export interface CatalogOptions extends Pick<WorkOptions, 'signal'> {
  /** Where `sample` is served, while something serves it. */
  readonly sampleUrl?: string;
}

/**
 * Reads a catalog: `lila` (built in), `sample`, the path of a JSON file, or its `http(s)://` or `file://` address.
 * Mirrors given relative to the catalog (`./`) come out absolute.
 *
 * @throws SerengetiError CATALOG_MISSING, CATALOG_UNREACHABLE, or CATALOG_INVALID with every problem and its place
 */
export async function loadCatalog(where: string, options: CatalogOptions = {}): Promise<Catalog> {
  return withAddresses(await loadLastingCatalog(where, options), options.sampleUrl);
}

/**
 * The catalog as it can be kept: the mirrors of `sample` stay relative, since it is served at another address from one
 * start to the next. {@link withAddresses} finds them then.
 *
 * @throws SerengetiError as of {@link loadCatalog}
 */
export async function loadLastingCatalog(where: string, { signal, sampleUrl }: CatalogOptions = {}): Promise<Catalog> {
  if (where === 'lila') return catalogSchema.parse(LILA);
  const url = addressOf(where, sampleUrl);
  const text = await readCatalogText(url, where, signal);
  const catalog = parseWith(catalogSchema, parseJsonText(text, where, 'CATALOG_INVALID'), 'CATALOG_INVALID', where);
  return where === 'sample' ? catalog : permitted(resolved(catalog, url), url, where);
}

/** A catalog from elsewhere names nothing that only this machine can reach: its files, the hosts of its network. */
function permitted(catalog: Catalog, url: string, where: string): Catalog {
  const problems = catalog.mirrors.flatMap((mirror, position) => {
    if (maySendTo(url, mirror.url)) return [];
    const what = mirror.url.startsWith('file:')
      ? 'is a folder of this machine: only a catalog that is a file here may name one'
      : 'is a host of this network: only a catalog that lies in it may name one, unless SERENGETI_INTERNAL_MIRRORS is 1';
    return [`mirrors.${position}.url: ${mirror.url} ${what}`];
  });
  if (problems.length === 0) return catalog;
  const text = problems.map((problem) => `\n  - ${problem}`).join('');
  throw new SerengetiError('CATALOG_INVALID', `${where} names what a catalog from the network must not:${text}`, {
    details: { catalog: where },
  });
}

/** A catalog with the mirrors that lie beside the sample catalog where that is served, if it is. */
export function withAddresses(catalog: Catalog, sampleUrl: string | undefined): Catalog {
  const relative = catalog.mirrors.some(isUnserved);
  return relative && sampleUrl !== undefined ? resolved(catalog, sampleUrl) : catalog;
}

function resolved(catalog: Catalog, base: string): Catalog {
  const mirrors = catalog.mirrors.map((mirror) => ({ ...mirror, url: new URL(mirror.url, base).href }));
  return { ...catalog, mirrors };
}

function addressOf(where: string, sampleUrl: string | undefined): string {
  if (where === 'sample') {
    if (sampleUrl !== undefined) return sampleUrl;
    throw sampleUnserved();
  }
  return /^(https?|file):\/\//.test(where) ? where : pathToFileURL(resolve(where)).href;
}

async function readCatalogText(url: string, where: string, signal: AbortSignal | undefined): Promise<string> {
  const transport = openTransport(1, TRANSFER_POLICY);
  let text: string | undefined;
  try {
    text = await readText(transport, url, LARGEST_CATALOG, { signal });
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    const code = isMissing(error) ? 'CATALOG_MISSING' : 'CATALOG_UNREACHABLE';
    throw new SerengetiError(code, `The catalog ${where} cannot be read: ${error.message}`, {
      cause: error,
      details: { catalog: where },
    });
  } finally {
    await transport.close();
  }
  if (text !== undefined) return text;
  throw new SerengetiError('CATALOG_INVALID', `${where} is larger than ${LARGEST_CATALOG} bytes: not a catalog`);
}
