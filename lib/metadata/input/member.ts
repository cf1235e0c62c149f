import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SerengetiError } from '../../contracts/errors';
import { zipMembers } from '../../seasons';
import { temporaryPath, writeStreamAtomic } from '../../io/files';
import { CsvFile, type Dialect } from './csvFile';
import { asPlainCsv } from './plainText';

/** What the Finder adds to zips. */
const RESOURCE_FORKS = '__MACOSX/';

/** Large enough that a stream's own overhead does not show. */
const READ_BYTES = 1 << 20;

/** Text of a metadata file, or of one of its members where it is a zip. */
export interface Member {
  readonly name: string;
  /** Unpacked; of a gzip, packed. */
  readonly bytes: number;
  /** A new stream from the beginning. */
  open(): Readable;
}

/** What a metadata file holds: the members of a zip, else the file itself, unpacked where it is gzipped. */
export async function membersOf(path: string): Promise<Member[]> {
  const name = basename(path);
  if (/\.zip$/i.test(name)) {
    const members = (await zipMembers(path)).filter((member) => !member.name.startsWith(RESOURCE_FORKS));
    return members.map((member) => ({ ...member, name: `${name}/${member.name}` }));
  }
  const { size } = await stat(path);
  const open = (): Readable => {
    const file = createReadStream(path, { highWaterMark: READ_BYTES });
    if (!/\.gz$/i.test(name)) return file;
    const gunzip = createGunzip({ chunkSize: READ_BYTES });
    file.once('error', (error) => gunzip.destroy(error));
    return file.pipe(gunzip);
  };
  return [{ name, bytes: size, open }];
}

/**
 * The JSON of a metadata file: the file itself, or the one in a zip.
 *
 * @throws SerengetiError METADATA_INVALID
 */
export async function jsonMember(path: string): Promise<Member> {
  const members = await membersOf(path);
  const json = members.length === 1 ? members : members.filter(({ name }) => /\.json(\.gz)?$/i.test(name));
  if (json.length === 1) return json[0]!;
  const names = members.map(({ name }) => name).join(', ') || 'nothing';
  throw new SerengetiError('METADATA_INVALID', `${basename(path)} must hold one JSON file, it has ${names}`);
}

/**
 * The CSV of a metadata file. Of a zip with several, the one that has the columns.
 *
 * @param columns - what the header must have.
 * @throws SerengetiError METADATA_INVALID
 */
export async function plainCsv(
  path: string,
  columns: readonly string[],
  context: { readonly scratch: string; readonly signal: AbortSignal | undefined },
  dialect?: Dialect,
): Promise<CsvFile> {
  const name = basename(path);
  const { scratch, signal } = context;
  if (!/\.(zip|gz)$/i.test(path)) {
    const file = await CsvFile.open(await asPlainCsv(path, name, context), name, dialect);
    file.requireColumns(columns);
    return file;
  }
  const members = (await membersOf(path)).filter(({ name }) => /\.(csv|tsv|txt)(\.gz)?$/i.test(name));
  const headers: string[] = [];
  for (const member of members) {
    const unpacked = temporaryPath(`${scratch}/member.csv`);
    await writeStreamAtomic(unpacked, member.open(), signal);
    const file = await CsvFile.open(await asPlainCsv(unpacked, member.name, context), member.name, dialect);
    if (columns.every((column) => file.header.includes(column))) return file;
    headers.push(`${member.name} has ${file.header.join(', ')}`);
  }
  const found = headers.length === 0 ? 'there is no CSV in it' : headers.join('; ');
  throw new SerengetiError('METADATA_INVALID', `${name}: no member has ${columns.join(', ')}: ${found}`);
}
