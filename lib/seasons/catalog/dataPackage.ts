import { posix } from 'node:path';
import { z } from 'zod';
import { relativePath } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import { parseWith } from '../../contracts/validate';
import { parseJsonText } from '../../io/jsonText';

const path = z.union([z.string().min(1), z.tuple([z.string().min(1)])]).transform((value) => String(value));
/** A resource without a path has its data in the descriptor: none of the tables is one. */
const resource = z.object({ name: z.string(), path: path.optional() });
const descriptor = z.object({ profile: z.string().optional(), resources: z.array(resource).min(1) });

/** In the address of a profile: the version of the standard. */
const VERSION = /\/camtrap-dp\/v?(\d+)(\.[\d.]+)?/;

const besideIt = relativePath.refine((path) => !path.includes('://'), 'must be a file beside it, not an address');

/** The tables of a Camtrap DP package (https://camtrap-dp.tdwg.org, version 1). */
const CAMTRAP_DP_TABLES = ['deployments', 'media', 'observations'] as const;

/** Whether a package is a zip that holds its descriptor and all its files. @param path - of the package */
export function isZippedPackage(path: string): boolean {
  return /\.zip$/i.test(path);
}

/** The descriptor of a data package (https://datapackage.org): which files it consists of. */
export class PackageDescriptor {
  readonly #name: string;
  readonly #resources: z.output<typeof descriptor>['resources'];

  /**
   * @param content - of the `datapackage.json`
   * @param name - what to call it in messages
   * @throws SerengetiError METADATA_INVALID
   */
  constructor(content: string, name: string) {
    this.#name = name;
    const value = parseJsonText(content, name, 'METADATA_INVALID');
    const { profile = '', resources } = parseWith(descriptor, value, 'METADATA_INVALID', name);
    const [, major, minor = ''] = VERSION.exec(profile) ?? [];
    if (major === '0') {
      throw new SerengetiError(
        'METADATA_INVALID',
        `${name} is of Camtrap DP ${major}${minor}; version 1 is read: export it anew from where it comes from`,
      );
    }
    this.#resources = resources;
  }

  /**
   * Path of a resource, relative to the descriptor and not outside its folder.
   *
   * @throws SerengetiError METADATA_INVALID when there is none, or it is elsewhere
   */
  pathOf(resource: string): string {
    const found = this.#resources.find((candidate) => candidate.name === resource);
    if (found?.path !== undefined) {
      return parseWith(besideIt, found.path, 'METADATA_INVALID', `${this.#name}, path of "${resource}"`);
    }
    if (found !== undefined) {
      throw new SerengetiError('METADATA_INVALID', `${this.#name}: the resource "${resource}" has no path to a file`);
    }
    const names = this.#resources.map((candidate) => candidate.name).join(', ');
    throw new SerengetiError('METADATA_INVALID', `${this.#name} has no resource "${resource}"; it has ${names}`);
  }
}

/**
 * Where the tables of a Camtrap DP package are.
 *
 * @param content - of the `datapackage.json`
 * @param path - of the same; the tables' paths come out relative to what it is relative to
 * @throws SerengetiError METADATA_INVALID
 */
export function camtrapDpTables(content: string, path: string): string[] {
  const descriptor = new PackageDescriptor(content, path);
  const tables = CAMTRAP_DP_TABLES.map((name) => posix.join(posix.dirname(path), descriptor.pathOf(name)));
  const names = new Set([path, ...tables].map((file) => posix.basename(file)));
  if (names.size === tables.length + 1) return tables;
  throw new SerengetiError('METADATA_INVALID', `${path}: two of its files have the same name: ${tables.join(', ')}`);
}
