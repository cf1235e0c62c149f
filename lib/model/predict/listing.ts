import { readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { extname } from 'node:path';
import { SerengetiError } from '../../contracts/errors';

const EXTENSIONS = ['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.webp'];

/** What systems and storage devices put beside photographs: bins, indexes, thumbnails. */
const SYSTEM_FOLDERS = ['$recycle.bin', 'system volume information', '@eadir', '#recycle', '__macosx', 'lost+found'];

/** A file that should be a photograph. */
export interface Photograph {
  /** Path within the folder, forward slashes. */
  readonly file: string;
  readonly bytes: number;
  /** Time of its last change, milliseconds since 1970. */
  readonly modified: number;
}

/** Files that are passed over, such as 2 of the kind `.avi`. */
export interface SkippedKind {
  readonly kind: string;
  readonly count: number;
}

/** What a folder holds. */
export interface Listing {
  /** By name, in order. */
  readonly photographs: readonly Photograph[];
  /** What cannot even be looked at: folders without permission, links that lead nowhere, names that are no text. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  /** What is no photograph, the most frequent kind first. */
  readonly skipped: readonly SkippedKind[];
}

/**
 * The photographs of a folder and all folders below it. Links are followed; a folder that several lead to is read once.
 *
 * @throws SerengetiError INPUT_INVALID where there is no such folder, or no photograph in it
 */
export async function listPhotographs(folder: string): Promise<Listing> {
  const walk = new Walk(folder);
  const listing = await walk.run();
  if (listing.photographs.length > 0) return listing;
  const problems = listing.unreadable.map(({ file, reason }) => `${file}: ${reason}`);
  const skipped = describeSkipped(listing.skipped);
  const kinds = `${folder} has no photographs (${EXTENSIONS.join(', ')}) in it or below it`;
  throw new SerengetiError('INPUT_INVALID', [kinds, ...(skipped === '' ? [] : [skipped]), ...problems].join('; '));
}

/** `skipped 9: 2 .avi, 1 .mov`; nothing where nothing was. */
export function describeSkipped(skipped: readonly SkippedKind[]): string {
  if (skipped.length === 0) return '';
  const total = skipped.reduce((sum, { count }) => sum + count, 0);
  return `skipped ${total}: ${skipped.map(({ kind, count }) => `${count} ${kind}`).join(', ')}`;
}

/** A folder to be read: its path for the system, and its name in the results, with a slash at its end. */
interface Folder {
  readonly path: Buffer;
  readonly name: string;
}

/** One way through a folder. Names are bytes until they turn out to be text. */
class Walk {
  readonly #root: string;
  readonly #photographs: Photograph[] = [];
  readonly #unreadable: { file: string; reason: string }[] = [];
  readonly #skipped = new Map<string, number>();
  /** Where folders really are that were read. */
  readonly #read = new Set<string>();
  readonly #open: Folder[];
  /** Folders that links lead to, read last: what is found without a link has its own name. */
  readonly #linked: Folder[] = [];

  constructor(root: string) {
    this.#root = root;
    this.#open = [{ path: Buffer.from(root), name: '' }];
  }

  async run(): Promise<Listing> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#readFolder(next);
    const skipped = [...this.#skipped].map(([kind, count]) => ({ kind, count }));
    return {
      photographs: this.#photographs.sort((a, b) => (a.file < b.file ? -1 : 1)),
      unreadable: this.#unreadable,
      skipped: skipped.sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)),
    };
  }

  #next(): Folder | undefined {
    return this.#open.shift() ?? this.#linked.shift();
  }

  async #readFolder({ path, name }: Folder): Promise<void> {
    let entries: Dirent<Buffer>[];
    try {
      const place = (await realpath(path, { encoding: 'buffer' })).toString('latin1');
      if (this.#read.has(place)) return this.#skip('link to a folder that is read anyway');
      this.#read.add(place);
      entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' });
    } catch (cause) {
      const reason = reasonOf(cause);
      if (name !== '') return this.#fail(name, `The folder cannot be read: ${reason}`);
      throw new SerengetiError('INPUT_INVALID', `The folder ${this.#root} cannot be read: ${reason}`, { cause });
    }
    for (const entry of entries) await this.#visit(entry, path, name);
  }

  async #visit(entry: Dirent<Buffer>, folder: Buffer, folderName: string): Promise<void> {
    const text = entry.name.toString('utf8');
    const isText = Buffer.from(text).equals(entry.name);
    const file = folderName + (isText ? text : escaped(entry.name));
    const path = Buffer.concat([folder, Buffer.from('/'), entry.name]);
    if (text.startsWith('.')) return this.#skip('hidden');
    const extension = extname(text).toLowerCase();
    const isFolder = await isDirectory(entry, path).catch((cause: unknown) => {
      if (extension !== '' && !EXTENSIONS.includes(extension)) this.#skip(extension);
      else this.#fail(file, `The link leads nowhere: ${reasonOf(cause)}`);
    });
    if (isFolder === undefined) return;
    if (isFolder && SYSTEM_FOLDERS.includes(text.toLowerCase())) return this.#skip(`${text}/`);
    if (!isFolder && !EXTENSIONS.includes(extension)) return this.#skip(extension || 'without extension');
    if (!isText) return this.#fail(file, 'The name is not UTF-8: rename it');
    if (isFolder) (entry.isSymbolicLink() ? this.#linked : this.#open).push({ path, name: `${file}/` });
    else await this.#addPhotograph(file, path);
  }

  async #addPhotograph(file: string, path: Buffer): Promise<void> {
    try {
      const status = await stat(path);
      if (!status.isFile()) return this.#skip('neither file nor folder');
      this.#photographs.push({ file, bytes: status.size, modified: Math.floor(status.mtimeMs) });
    } catch (cause) {
      this.#fail(file, `The file cannot be read: ${reasonOf(cause)}`);
    }
  }

  #skip(kind: string): void {
    this.#skipped.set(kind, (this.#skipped.get(kind) ?? 0) + 1);
  }

  #fail(file: string, reason: string): void {
    this.#unreadable.push({ file, reason });
  }
}

async function isDirectory(entry: Dirent<Buffer>, path: Buffer): Promise<boolean> {
  return entry.isSymbolicLink() ? (await stat(path)).isDirectory() : entry.isDirectory();
}

/** Bytes that are no text as `\xE9`, so that two such names stay two. */
function escaped(name: Buffer): string {
  return Array.from(name, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase()}`,
  ).join('');
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `no permission (${code})`;
    case 'ENOENT':
      return `there is none (${code})`;
    case 'ENOTDIR':
      return `it is a file (${code})`;
    default:
      return code ?? message;
  }
}
