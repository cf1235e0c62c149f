import { readFile } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { text } from 'node:stream/consumers';
import { SerengetiError } from '../../contracts/errors';
import { isZippedPackage, PackageDescriptor } from '../../seasons';
import { temporaryPath, writeStreamAtomic } from '../../io/files';
import type { CsvFile } from './csvFile';
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
  csv(resource: string, columns: readonly string[]): Promise<CsvFile>;
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
  const name = zip === undefined ? basename(local) : `${basename(local)}/${DESCRIPTOR}`;
  const main = zip?.find((member) => posix.basename(member.name) === DESCRIPTOR);
  if (zip !== undefined && main === undefined) throw lacks(basename(local), DESCRIPTOR, zip);
  const content = main === undefined ? await readFile(local, 'utf8') : await text(main.open());
  const descriptor = new PackageDescriptor(content, name);
  return {
    async csv(resource, columns) {
      const path = descriptor.pathOf(resource);
      const file = main === undefined ? context.localPath(path) : await extracted(main, zip!, path, context);
      return await plainCsv(file, columns, context);
    },
  };
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

function lacks(name: string, wanted: string, zip: readonly Member[]): SerengetiError {
  const names = zip.map((member) => member.name).join(', ') || 'nothing';
  return new SerengetiError('METADATA_INVALID', `${name} has no ${wanted}; there is ${names}`);
}
