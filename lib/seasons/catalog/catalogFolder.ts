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
import { topLevelValue } from '../../io/topLevelValue';
import { zipMembers } from '../../zip/members';

const METADATA = /^(.+?)\.json(\.zip)?$/;
const ARCHIVE = /^(.+?)(?:_part(\d+))?\.zip$/;
const EMPTY_CLASS = 'empty';
const MOST_CATEGORY_BYTES = 16 << 20;

interface FoundSeason {
  readonly id: string;
  readonly archives: readonly string[];
  readonly metadata: string;
}

/**
 * Makes a catalog of a folder that is laid out as seasons: `S1.zip` (or `S1_part1.zip`, `S1_part2.zip`, …) beside
 * `S1.json` or `S1.json.zip`, COCO Camera Traps JSON. The classes are the categories of all seasons, without regard to
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
  for (const season of seasons) labels.push(...(await categoriesOf(join(path, season.metadata))));
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

async function categoriesOf(path: string): Promise<string[]> {
  const text = await topLevelValue(await jsonStream(path), 'categories', MOST_CATEGORY_BYTES);
  const categories = text === undefined ? undefined : parseJsonText(text, `${path}, categories`, 'CATALOG_INVALID');
  const names = Array.isArray(categories)
    ? categories.map((category: { name?: unknown }) => category?.name)
    : undefined;
  if (names?.every((name) => typeof name === 'string') === true) return names;
  throw new SerengetiError('CATALOG_INVALID', `${path} has no list "categories" with a "name" in each`, {
    details: { path },
  });
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
