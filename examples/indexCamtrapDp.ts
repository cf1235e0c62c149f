/**
 * Turns a Camtrap DP package into tables: a row a frame, and a row a sequence with its species.
 *
 *     node dist/examples/indexCamtrapDp.js path/to/package tables
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse';
import { catalogSchema } from '../lib/contracts/catalog';
import type { WorkOptions } from '../lib/contracts/progress';
import type { IndexSummary } from '../lib/contracts/steps';
import { indexSeason } from '../lib/metadata';
import { PackageDescriptor } from '../lib/seasons';

const DESCRIPTOR = 'datapackage.json';

/**
 * Indexes a package that lies in a folder. Observations of people and vehicles, and those that nobody has classified,
 * are left out.
 *
 * @param folder - with `datapackage.json` and the tables it names
 * @param output - folder for `frames.parquet`, `sequences.parquet`, `rejected.csv` and `summary.json`
 */
export async function indexCamtrapDp(folder: string, output: string, work: WorkOptions = {}): Promise<IndexSummary> {
  const descriptor = new PackageDescriptor(await readFile(join(folder, DESCRIPTOR), 'utf8'), DESCRIPTOR);
  const tables = ['deployments', 'media', 'observations'].map((name) => descriptor.pathOf(name));
  const species = await speciesIn(join(folder, descriptor.pathOf('observations')));
  const catalog = catalogSchema.parse({
    name: 'package',
    mirrors: [{ name: 'folder', url: pathToFileURL(`${folder}/`).href }],
    classes: ['empty', ...species],
    classMapping: { human: null, vehicle: null, unknown: null, unclassified: null },
    seasons: [{ id: 'all', archives: [], metadata: { format: 'camtrap-dp', path: DESCRIPTOR }, frames: 'media' }],
  });
  const metadataFiles = [DESCRIPTOR, ...tables].map((path) => join(folder, path));
  return await indexSeason({ season: catalog.seasons[0]!, catalog, metadataFiles, directory: output }, work);
}

/** The species of a table of observations, sorted; `animal` where an animal has no name. */
async function speciesIn(path: string): Promise<string[]> {
  const species = new Set<string>();
  const rows = createReadStream(path).pipe(parse({ columns: true, bom: true }));
  for await (const { observationType, scientificName } of rows as AsyncIterable<Record<string, string>>) {
    if (observationType === 'animal') species.add(scientificName || 'animal');
  }
  return [...species].sort();
}

async function main([folder, output]: readonly string[]): Promise<void> {
  if (folder === undefined || output === undefined) throw new Error('Expected: FOLDER-OF-A-PACKAGE FOLDER-FOR-TABLES');
  console.log(await indexCamtrapDp(resolve(folder), resolve(output)));
}

if (require.main === module) void main(process.argv.slice(2));
