import { createReadStream, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { catalogSchema, type Catalog } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import { EMPTY_NAMES, normalizedLabel, UNDETERMINED_NAMES } from '../../contracts/labelNames';
import { parseWith } from '../../contracts/validate';
import { pathExists } from '../../io/files';
import { parseJsonText } from '../../io/jsonText';
import { ArrayScanner, JsonSyntaxError } from '../../io/arrayScanner';
import { topLevelValue } from '../../io/topLevelValue';
import { zipMembers } from '../../zip/members';
import { readClassFolders } from '../labels/classFolders';
import { writeCoco } from '../labels/cocoFile';
import { readLabelCsv } from '../labels/labelCsv';
import type { LabelledPhotograph } from '../labels/labelledPhotograph';
import { isMegaDetectorFile, readMegaDetectorLabels } from '../labels/megaDetectorLabels';

const METADATA = /^(.+?)\.(json(?:\.zip)?|csv)$/;
const ARCHIVE = /^(.+?)(?:_part(\d+))?\.zip$/;
const EMPTY_CLASS = 'empty';
const CATEGORY_ID = /"category_id"\s*:\s*(?:"([^"]*)"|([^\s,}"]+))/g;
const MOST_CATEGORY_BYTES = 16 << 20;

/** A season as the folder has it, all paths below the folder. */
interface FoundSeason {
  readonly name: string;
  readonly archives: readonly string[];
  /** Where photographs lie loose; `.` is the folder itself. */
  readonly frames?: string;
  /** Without it, photographs lie in a folder a class. */
  readonly metadata?: string;
}

export interface CatalogFolderOptions {
  /** Where metadata goes that is made of other forms of labels. @default the folder itself */
  readonly tables?: string;
  /** Told of what lies in the folder and is no part of a season. */
  readonly onPassedOver?: (names: readonly string[]) => void;
}

/**
 * Makes a catalog of a folder that is laid out as seasons: `S1.zip` (or `S1_part1.zip`, `S1_part2.zip`, …), or a folder
 * `S1` of loose photographs, beside `S1.json`, `S1.json.zip` or `S1.csv`: COCO Camera Traps or MegaDetector JSON, or a CSV of
 * labels, see {@link readLabelCsv}. Folders without such files are seasons of a folder a class, as is a folder of classes
 * alone. A CSV beside folders that belong to no season of their own tells of all of them.
 *
 * The classes are those that labels use, without regard to case; the last season validates.
 *
 * @throws SerengetiError CATALOG_UNREACHABLE; CATALOG_INVALID when the folder has no season; METADATA_INVALID
 */
export async function catalogFromFolder(folder: string, options: CatalogFolderOptions = {}): Promise<Catalog> {
  const path = resolve(folder);
  const tables = resolve(options.tables ?? path);
  const entries = await entriesOf(path);
  const seasons = await findSeasons(path, entries);
  if (seasons.length === 0) {
    const wanted = 'S1.zip, or a folder S1, beside S1.json, S1.json.zip or S1.csv; or a folder a class';
    throw new SerengetiError('CATALOG_INVALID', `${path} has no seasons: they look like ${wanted}`, {
      details: { path },
    });
  }
  const used = new Set(seasons.flatMap(({ archives, frames = '', metadata = '' }) => [...archives, frames, metadata]));
  const passedOver = entries.filter(({ name }) => !used.has(name) && !used.has('.')).map(({ name }) => name);
  if (passedOver.length > 0) options.onPassedOver?.(passedOver.sort());

  const labels: string[] = [];
  const described: { season: FoundSeason; metadata: string }[] = [];
  for (const season of seasons) {
    const metadata = await metadataOf(path, season, tables);
    labels.push(...(await labelsOf(metadata)));
    described.push({ season, metadata });
  }
  const root = commonFolder([
    ...described.map(({ metadata }) => dirname(metadata)),
    ...(seasons.some(({ frames }) => frames === '.') ? [dirname(path)] : [path]),
  ]);
  const below = (place: string): string => relative(root, place).split(sep).join('/');
  const ids = identifiersOf(seasons.map(({ name }) => name));
  return parseWith(
    catalogSchema,
    {
      name: identifierOf(basename(path)),
      description: `Seasons in ${path}`,
      mirrors: [{ name: 'folder', url: pathToFileURL(join(root, sep)).href }],
      classes: classesOf(labels),
      emptyClass: EMPTY_CLASS,
      seasons: described.map(({ season: { archives, frames }, metadata }, position) => ({
        id: ids[position],
        archives: archives.map((archive) => below(join(path, archive))),
        metadata: { format: 'coco-camera-traps', path: below(metadata) },
        ...(frames === undefined ? {} : { frames: below(join(path, frames)) }),
      })),
      ...(ids.length < 2 ? {} : { split: { train: ids.slice(0, -1), validation: ids.slice(-1) } }),
    },
    'CATALOG_INVALID',
    `The catalog of ${path}`,
  );
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.'));
  } catch (error) {
    throw new SerengetiError('CATALOG_UNREACHABLE', `The folder ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
      details: { path },
    });
  }
}

/** Seasons in the order of people: S2 before S10. */
async function findSeasons(path: string, entries: readonly Dirent[]): Promise<FoundSeason[]> {
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const archives = archivesByName(files);
  // Of several files that describe a season, JSON comes before CSV.
  const byName = new Map<string, FoundSeason>();
  for (const metadata of [...files].sort()) {
    const name = METADATA.exec(metadata)?.[1];
    if (name === undefined || byName.get(name)?.metadata?.includes('.json') === true) continue;
    const parts = archives.get(name);
    if (parts !== undefined) byName.set(name, { name, archives: parts, metadata });
    else if (folders.includes(name)) byName.set(name, { name, archives: [], frames: name, metadata });
  }
  if (byName.size === 0 && archives.size === 0) return await looseSeasons(path, files, folders);
  return inOrder([...byName.values()]);
}

/** What a folder without metadata of seasons holds: photographs with one CSV for all, or in a folder a class. */
async function looseSeasons(
  path: string,
  files: readonly string[],
  folders: readonly string[],
): Promise<FoundSeason[]> {
  const whole = { name: basename(path), archives: [], frames: '.' };
  const csvs = files.filter((name) => name.endsWith('.csv'));
  if (csvs.length === 1) return [{ ...whole, metadata: csvs[0]! }];
  const depths = new Map<string, number>();
  for (const folder of folders) {
    const photographs = await readClassFolders(join(path, folder)).catch(() => []);
    if (photographs.length > 0) depths.set(folder, Math.min(...photographs.map(({ file }) => file.split('/').length)));
  }
  if (depths.size === 0) return [];
  if ([...depths.values()].includes(1)) return [whole];
  return inOrder([...depths.keys()].map((name) => ({ name, archives: [], frames: name })));
}

function inOrder(seasons: readonly FoundSeason[]): FoundSeason[] {
  return [...seasons].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function archivesByName(files: readonly string[]): Map<string, string[]> {
  const archives = new Map<string, string[]>();
  const ordered = [...files].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const file of ordered) {
    const name = METADATA.test(file) ? undefined : ARCHIVE.exec(file)?.[1];
    if (name !== undefined) archives.set(name, [...(archives.get(name) ?? []), file]);
  }
  return archives;
}

/** Path of a season's COCO Camera Traps JSON, which is made of its labels where these have another form. */
async function metadataOf(path: string, season: FoundSeason, tables: string): Promise<string> {
  const { name, frames, metadata } = season;
  const file = metadata === undefined ? undefined : join(path, metadata);
  const loose = frames === undefined ? undefined : join(path, frames);
  const photographs = await labelledIn(file, loose);
  if (photographs === undefined) return file!;
  const table = join(tables, `${name}-labels.json`);
  await writeCoco(table, loose === undefined ? photographs : await belowFolder(photographs, loose, file ?? loose));
  return table;
}

/** @returns `undefined` where the labels are COCO Camera Traps JSON already */
async function labelledIn(
  file: string | undefined,
  loose: string | undefined,
): Promise<LabelledPhotograph[] | undefined> {
  if (file === undefined) return await readClassFolders(loose!);
  if (file.endsWith('.csv')) return await readLabelCsv(file);
  return (await isMegaDetectorFile(file)) ? await readMegaDetectorLabels(file) : undefined;
}

/** Files by their paths below their folder, whether the labels name them from there, from beside it, or from the root. */
async function belowFolder(
  photographs: readonly LabelledPhotograph[],
  folder: string,
  source: string,
): Promise<LabelledPhotograph[]> {
  const [example] = photographs;
  if (example === undefined) throw new SerengetiError('METADATA_INVALID', `${source} names no photograph`);
  for (const prefix of ['', `${basename(folder)}/`, `${folder.split(sep).join('/')}/`]) {
    const file = example.file.startsWith(prefix) ? example.file.slice(prefix.length) : undefined;
    if (file === undefined || file.startsWith('/') || !(await pathExists(join(folder, file)))) continue;
    return photographs.map((photograph) => ({
      ...photograph,
      file: photograph.file.startsWith(prefix) ? photograph.file.slice(prefix.length) : photograph.file,
    }));
  }
  throw new SerengetiError('METADATA_INVALID', `${source}: its first photograph, ${example.file}, is not in ${folder}`);
}

/** Each name as an identifier that no other has. */
function identifiersOf(names: readonly string[]): string[] {
  const ids: string[] = [];
  for (const name of names) {
    const id = identifierOf(name);
    const taken = ids.filter((other) => other === id || other.startsWith(`${id}-`)).length;
    ids.push(ids.includes(id) ? `${id}-${taken + 1}` : id);
  }
  return ids;
}

function identifierOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]/g, '-');
  return plain.replace(/^[_-]+/, '').slice(0, 60) || 'folder';
}

/** The innermost folder that holds all of them. */
function commonFolder(paths: readonly string[]): string {
  let common = paths[0]!;
  while (!paths.every((path) => path === common || path.startsWith(join(common, sep)))) common = dirname(common);
  return common;
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
