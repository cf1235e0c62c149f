import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { pathExists, syncFolder } from '../../lib/io/files';
import { asRefusal } from '../../lib/io/systemErrors';
import { LOCAL_HEADER, LOCAL_HEADER_BYTES, METHOD_CODES, ZipWriter, type ZipEntry, type ZipMethod } from './zipWriter';

const HOST = hostname().replace(/[^A-Za-z0-9]/g, '');
/** Drafts that somebody in this process is writing. */
const busy = new Set<string>();

/**
 * A zip in the making, beside its final name. A killed or cancelled writer's draft is found by the next one, read up to
 * its last whole entry and gone on with. Writers at the same time have drafts of their own; the last to finish stays,
 * and since both wrote the same bytes nobody can tell.
 */
export class ZipDraft {
  readonly #path: string;
  readonly #draft: string;
  readonly #file: FileHandle;
  readonly zip: ZipWriter;

  private constructor(path: string, draft: string, file: FileHandle, zip: ZipWriter) {
    this.#path = path;
    this.#draft = draft;
    this.#file = file;
    this.zip = zip;
  }

  /**
   * @param digest - names the content: only a draft of the same content is gone on with.
   */
  static async open(path: string, digest: string): Promise<ZipDraft> {
    await mkdir(dirname(path), { recursive: true });
    const draft = await claim(path, digest);
    const file = await open(draft, 'a+').then(async (created) => {
      await created.close();
      return open(draft, 'r+');
    });
    const { entries, end } = await wholeEntries(file);
    await file.truncate(end);
    return new ZipDraft(path, draft, file, new ZipWriter(file, entries, end));
  }

  /** Makes the draft the zip. */
  async commit(): Promise<void> {
    try {
      await this.zip.end();
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#draft, this.#path);
      await syncFolder(dirname(this.#path));
    } catch (error) {
      throw asRefusal(error, this.#path);
    } finally {
      busy.delete(this.#draft);
    }
  }

  /** Leaves the draft for the next writer. */
  async leave(): Promise<void> {
    try {
      await this.zip.flush();
    } finally {
      await this.#file.close();
      busy.delete(this.#draft);
    }
  }
}

/** Removes the drafts of a file that dead writers left, whatever their content. */
export async function removeDrafts(path: string): Promise<void> {
  for (const draft of await abandonedDrafts(path, '[0-9a-f]+')) await rm(draft, { force: true });
}

/** Takes over a dead writer's draft or begins one; renaming decides between two that want the same. */
async function claim(path: string, digest: string): Promise<string> {
  const tag = digest.slice(0, 12);
  const own = `${path}.tmp-${tag}-${HOST}-${process.pid}-${randomBytes(4).toString('hex')}`;
  busy.add(own);
  for (const abandoned of await abandonedDrafts(path, tag)) {
    try {
      await rename(abandoned, own);
      return own;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return own;
}

async function abandonedDrafts(path: string, tag: string): Promise<string[]> {
  const pattern = new RegExp(`^${escape(basename(path))}\\.tmp-${tag}-(\\w*)-(\\d+)-[0-9a-f]+$`);
  const folder = dirname(path);
  const drafts: string[] = [];
  if (!(await pathExists(folder))) return drafts;
  for (const name of await readdir(folder)) {
    const [, host, pid] = pattern.exec(name) ?? [];
    const draft = join(folder, name);
    if (host === HOST && !busy.has(draft) && (Number(pid) === process.pid || !isAlive(Number(pid)))) drafts.push(draft);
  }
  return drafts;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Reads the local headers and checks each entry's CRC-32; what follows the last good entry does not count. */
async function wholeEntries(file: FileHandle): Promise<{ entries: ZipEntry[]; end: number }> {
  const entries: ZipEntry[] = [];
  let end = 0;
  for (;;) {
    const entry = await readEntry(file, end);
    if (entry === undefined) return { entries, end };
    entries.push(entry);
    end += LOCAL_HEADER_BYTES + Buffer.byteLength(entry.name) + entry.compressedSize;
  }
}

async function readEntry(file: FileHandle, offset: number): Promise<ZipEntry | undefined> {
  const header = await readExactly(file, offset, LOCAL_HEADER_BYTES);
  if (header?.readUInt32LE(0) !== LOCAL_HEADER) return undefined;
  const compressedSize = header.readUInt32LE(18);
  const nameLength = header.readUInt16LE(26);
  const body = await readExactly(file, offset + LOCAL_HEADER_BYTES, nameLength + compressedSize);
  if (body === undefined) return undefined;
  const method: ZipMethod = header.readUInt16LE(8) === METHOD_CODES.stored ? 'stored' : 'deflated';
  const entry: ZipEntry = {
    name: body.toString('utf8', 0, nameLength),
    crc: header.readUInt32LE(14),
    compressedSize,
    size: header.readUInt32LE(22),
    method,
    offset,
    dosTime: header.readUInt16LE(10),
    dosDate: header.readUInt16LE(12),
  };
  return matchesCrc(body.subarray(nameLength), entry) ? entry : undefined;
}

function matchesCrc(data: Buffer, entry: ZipEntry): boolean {
  try {
    const content = entry.method === 'stored' ? data : inflateRawSync(data);
    return content.length === entry.size && crc32(content) === entry.crc;
  } catch {
    // A damaged deflate stream is what a torn write looks like: the entry is drawn again.
    return false;
  }
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return buffer;
}
