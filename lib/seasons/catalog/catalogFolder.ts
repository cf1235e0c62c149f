import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { catalogSchema, type Catalog } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import { EMPTY_NAMES, normalizedLabel, UNDETERMINED_NAMES } from '../../contracts/labelNames';
import { parseWith } from '../../contracts/validate';
import { parseJsonText } from '../../io/jsonText';
import { ArrayScanner, JsonSyntaxError } from '../../io/arrayScanner';
import { topLevelValue } from '../../io/topLevelValue';
import { zipMembers } from '../../zip/members';

const METADATA = /^(.+?)\.json(\.zip)?$/;
const ARCHIVE = /^(.+?)(?:_part(\d+))?\.zip$/;
const EMPTY_CLASS = 'empty';
const CATEGORY_ID = /"category_id"\s*:\s*(?:"([^"]*)"|([^\s,}"]+))/g;
const MOST_CATEGORY_BYTES = 16 << 20;

interface FoundSeason {
  readonly id: string;
  readonly archives: readonly string[];
  readonly metadata: string;
}

/**
 * Makes a catalog of a folder that is laid out as seasons: `S1.zip` (or `S1_part1.zip`, `S1_part2.zip`, …) beside
 * `S1.json` or `S1.json.zip`, COCO Camera Traps JSON. The classes are the categories that annotations use, without regard to
 * case; the last season validates.
 *
 * @throws SerengetiError CATALOG_UNREACHABLE, or CATALOG_INVALID when the folder has no season
 */
export async function catalogFromFolder(folder: string): Promise<Catalog> {
  const path = resolve(folder);
  const seasons = findSeasons(await namesIn(path));
  if (seasons.length === 0) {
    const wanted = 'S1.zip beside S1.json or S1.json.zip';
    throw new SerengetiError('CATALOG_INVALID', `${path} has no seasons: they look like ${wanted}`, {
      details: { path },
    });
  }
  const labels: string[] = [];
  for (const season of seasons) labels.push(...(await labelsOf(join(path, season.metadata))));
  const ids = seasons.map((season) => season.id);
  return parseWith(
    catalogSchema,
    {
      name:
        basename(path)
          .replace(/[^A-Za-z0-9_-]/g, '-')
          .replace(/^[_-]+/, '') || 'folder',
      description: `Seasons in ${path}`,
      mirrors: [{ name: 'folder', url: pathToFileURL(`${path}/`).href }],
      classes: classesOf(labels),
      emptyClass: EMPTY_CLASS,
      seasons: seasons.map(({ id, archives, metadata }) => ({
        id,
        archives,
        metadata: { format: 'coco-camera-traps', path: metadata },
      })),
      ...(ids.length < 2 ? {} : { split: { train: ids.slice(0, -1), validation: ids.slice(-1) } }),
    },
    'CATALOG_INVALID',
    `The catalog of ${path}`,
  );
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw new SerengetiError('CATALOG_UNREACHABLE', `The folder ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
      details: { path },
    });
  }
}

/** Seasons in the order of people: S2 before S10. */
function findSeasons(names: readonly string[]): FoundSeason[] {
  const archives = archivesById(names);
  const seasons = names.flatMap((metadata) => {
    const id = METADATA.exec(metadata)?.[1];
    const parts = id === undefined ? undefined : archives.get(id);
    return id === undefined || parts === undefined ? [] : [{ id, archives: parts, metadata }];
  });
  const byId = new Map(seasons.map((season) => [season.id, season]));
  return [...byId.values()].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

function archivesById(names: readonly string[]): Map<string, string[]> {
  const archives = new Map<string, string[]>();
  const ordered = [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const name of ordered) {
    const id = METADATA.test(name) ? undefined : ARCHIVE.exec(name)?.[1];
    if (id !== undefined) archives.set(id, [...(archives.get(id) ?? []), name]);
  }
  return archives;
}

/** Names of the categories that annotations use; of all, where none uses any. */
async function labelsOf(path: string): Promise<string[]> {
  const categories = await categoriesOf(path);
  const used = await usedCategories(path);
  const wanted = used.size === 0 ? categories : categories.filter(({ id }) => used.has(identityOf(String(id))));
  return wanted.map(({ name }) => name);
}

interface Category {
  readonly id?: unknown;
  readonly name: string;
}

async function categoriesOf(path: string): Promise<Category[]> {
  const text = await topLevelValue(await jsonStream(path), 'categories', MOST_CATEGORY_BYTES);
  const categories = text === undefined ? undefined : parseJsonText(text, `${path}, categories`, 'CATALOG_INVALID');
  const isCategory = (value: { name?: unknown } | null): value is Category => typeof value?.name === 'string';
  if (Array.isArray(categories) && categories.every(isCategory)) return categories;
  throw new SerengetiError('CATALOG_INVALID', `${path} has no list "categories" with a "name" in each`, {
    details: { path },
  });
}

/** Identifiers of the categories in annotations, which can be larger than memory. */
async function usedCategories(path: string): Promise<Set<string>> {
  const used = new Set<string>();
  let line = '';
  const scanner = new ArrayScanner({
    members: ['annotations'],
    body: (_member, bytes) => {
      const lines = (line + bytes.toString('latin1')).split('\n');
      line = lines.pop()!;
      for (const [, quoted, bare] of lines.join('\n').matchAll(CATEGORY_ID)) used.add(identityOf((quoted ?? bare)!));
    },
  });
  try {
    for await (const chunk of (await jsonStream(path)) as AsyncIterable<Buffer>) scanner.write(chunk);
    scanner.end();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new SerengetiError('CATALOG_INVALID', `${path}, byte ${error.offset}: ${error.message}`, { cause: error });
  }
  for (const [, quoted, bare] of line.matchAll(CATEGORY_ID)) used.add(identityOf((quoted ?? bare)!));
  return used;
}

/** 3, "3" and "3.0" are the same, as readers of metadata take them. */
function identityOf(id: string): string {
  return id.trim().replace(/^(-?\d+)\.0$/, '$1');
}

async function jsonStream(path: string): Promise<Readable> {
  if (!path.endsWith('.zip')) return createReadStream(path);
  const members = await zipMembers(path);
  const json = members.filter(({ name }) => name.endsWith('.json') && !name.startsWith('__MACOSX/'));
  if (json.length === 1) return json[0]!.open();
  const found = members.map(({ name }) => name).join(', ') || 'nothing';
  throw new SerengetiError('CATALOG_INVALID', `${path} should hold one JSON file; it holds ${found}`, {
    details: { path },
  });
}

/** Each label once, as it is written first; those that stand for no class left out. */
function classesOf(labels: readonly string[]): string[] {
  const byName = new Map<string, string>();
  for (const label of labels) {
    const name = normalizedLabel(label);
    if (name === '' || EMPTY_NAMES.includes(name) || UNDETERMINED_NAMES.includes(name)) continue;
    if (!byName.has(name)) byName.set(name, label.trim());
  }
  return [...byName.values(), EMPTY_CLASS].sort();
}
