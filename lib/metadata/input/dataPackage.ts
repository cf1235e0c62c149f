import { readFile } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { text } from 'node:stream/consumers';
import { isSerengetiError, SerengetiError } from '../../contracts/errors';
import { isZippedPackage, PackageDescriptor } from '../../seasons';
import { temporaryPath, writeStreamAtomic } from '../../io/files';
import { Database } from '../database';
import { copyToCsv, parquet } from '../parquet';
import type { CsvFile, Dialect } from './csvFile';
import { membersOf, plainCsv, type Member } from './member';

const DESCRIPTOR = 'datapackage.json';

/** The tables of a data package (https://datapackage.org). */
export interface PackageFiles {
  /**
   * The CSV of a resource.
   *
   * @param columns - what it must have.
   * @throws SerengetiError METADATA_INVALID
   */
  csv(resource: string, columns: readonly string[], dialect: Dialect): Promise<CsvFile>;
}

export interface PackageContext {
  readonly scratch: string;
  readonly signal: AbortSignal | undefined;
  /** Local path of a file beside the descriptor. */
  readonly localPath: (path: string) => string;
}

/** @param local - path of the `datapackage.json`, or of a zip that holds it and its resources. */
export async function openPackage(local: string, context: PackageContext): Promise<PackageFiles> {
  const zip = isZippedPackage(local) ? await membersOf(local) : undefined;
  const main = zip && descriptorIn(zip);
  if (zip !== undefined && main === undefined) throw lacks(basename(local), DESCRIPTOR, zip);
  const name = main?.name ?? basename(local);
  const content = main === undefined ? await readFile(local, 'utf8') : await text(main.open());
  const descriptor = new PackageDescriptor(content, name);
  return {
    async csv(resource, columns, dialect) {
      const path = descriptor.pathOf(resource);
      const file = main === undefined ? context.localPath(path) : await extracted(main, zip!, path, context);
      const table = /\.parquet$/i.test(path) ? await parquetAsCsv(file, posix.basename(path), context) : file;
      return await plainCsv(table, columns, context, dialect);
    },
  };
}

/** By its name; else, some programs call it otherwise, the only JSON file. */
function descriptorIn(zip: readonly Member[]): Member | undefined {
  const json = zip.filter(({ name }) => /\.json$/i.test(name));
  return json.find(({ name }) => posix.basename(name) === DESCRIPTOR) ?? (json.length === 1 ? json[0] : undefined);
}

/** A resource of a zipped package, beside its descriptor. */
async function extracted(
  main: Member,
  zip: readonly Member[],
  relative: string,
  { scratch, signal }: PackageContext,
): Promise<string> {
  const wanted = posix.join(posix.dirname(main.name), relative);
  const member = zip.find((candidate) => candidate.name === wanted);
  if (member === undefined) throw lacks(posix.dirname(main.name), relative, zip);
  const unpacked = `${temporaryPath(`${scratch}/resource`)}-${posix.basename(relative)}`;
  await writeStreamAtomic(unpacked, member.open(), signal);
  return unpacked;
}

/** A Parquet table as the CSV that it stands for. */
async function parquetAsCsv(file: string, name: string, { scratch, signal }: PackageContext): Promise<string> {
  const csv = posix.join(scratch, `${name}.csv`);
  try {
    await Database.use({ signal }, (database) => copyToCsv(database, `SELECT * FROM ${parquet(file)}`, csv));
  } catch (cause) {
    if (!isSerengetiError(cause) || cause.code !== 'ARTIFACT_CORRUPT') throw cause;
    throw new SerengetiError('METADATA_INVALID', `${name} is no Parquet file, or a damaged one`, { cause });
  }
  return csv;
}

function lacks(name: string, wanted: string, zip: readonly Member[]): SerengetiError {
  const names = zip.map((member) => member.name).join(', ') || 'nothing';
  return new SerengetiError('METADATA_INVALID', `${name} has no ${wanted}; there is ${names}`);
}
