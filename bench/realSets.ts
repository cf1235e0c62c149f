import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { catalogFromFolder, loadCatalog } from '../lib/seasons';
import type { SetSource } from './featureSet';

/** A data set, by the name that the tables give it. */
export interface NamedSource extends SetSource {
  readonly name: string;
}

/** Detections are known by it: it says what their categories mean. */
const DETECTIONS_FIELD = 'detection_categories';
const CATALOG_FIELD = 'seasons';

/**
 * The data sets in a folder: each folder with seasons (`S1.zip` beside `S1.json.zip`), by itself and cut to the boxes of
 * detections that lie beside them; each catalog in such a folder; or the one catalog that `path` is.
 */
export async function findSets(path: string): Promise<NamedSource[]> {
  if (path.endsWith('.json')) return [{ name: basename(path, '.json'), catalog: await loadCatalog(path) }];
  const folders = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const sets: NamedSource[] = [];
  for (const { name } of folders.sort((a, b) => a.name.localeCompare(b.name))) {
    sets.push(...(await setsOf(name, join(path, name))));
  }
  if (sets.length === 0) throw new Error(`No data set in ${path}: expected folders with S1.zip beside S1.json.zip`);
  return sets;
}

async function setsOf(name: string, folder: string): Promise<NamedSource[]> {
  const catalog = await catalogFromFolder(folder);
  const sets: NamedSource[] = [];
  let found = catalog;
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  for (const file of files) {
    const path = join(folder, file);
    const content = JSON.parse(await readFile(path, 'utf8')) as object;
    if (CATALOG_FIELD in content) {
      sets.push({ name: `${name}/${basename(file, '.json')}`, catalog: await loadCatalog(path) });
    } else if (DETECTIONS_FIELD in content) {
      sets.push({ name: `${name}, boxes`, catalog, detections: path });
      found = { ...catalog, seasons: catalog.seasons.map((season) => ({ ...season, detections: file })) };
    }
  }
  return [{ name, catalog: found }, ...sets];
}
