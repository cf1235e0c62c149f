import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  paginateListParts,
  UploadPartCommand,
  type CompletedPart,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bucket } from './bucket';
import { asStoreError, isNoSuchUpload } from './failures';
import { listUploads } from './uploads';

/** Large enough for few requests, small enough that one that fails costs little. The protocol wants 5 MiB at least. */
const PART_BYTES = 8 << 20;
/** The protocol allows 10,000 parts. */
const MOST_PARTS = 9_000;
const MEBIBYTE = 1 << 20;
/** Servers put together gigabytes in seconds. */
const LOOKS = 20;
const LOOK_MILLISECONDS = 500;

/** Size of all parts but the last: it follows from the file's size, so that whoever resumes cuts it the same way. */
export function partBytesOf(fileBytes: number): number {
  return Math.max(PART_BYTES, Math.ceil(fileBytes / MOST_PARTS / MEBIBYTE) * MEBIBYTE);
}

/**
 * An upload in parts that outlives its process: parts that any worker on any host has sent are found on the server and
 * not sent again. Two workers may fill the same upload at a time, and either may complete it.
 */
export class PartUpload {
  readonly bytes: number;
  readonly partBytes: number;
  readonly #bucket: Bucket;
  readonly #name: string;
  readonly #id: string;
  /** By number, from 1 on. */
  readonly #done: Map<number, CompletedPart>;

  private constructor(bucket: Bucket, name: string, bytes: number, id: string, done: Map<number, CompletedPart>) {
    this.bytes = bytes;
    this.partBytes = partBytesOf(bytes);
    this.#bucket = bucket;
    this.#name = name;
    this.#id = id;
    this.#done = done;
  }

  /**
   * Goes on with an upload that was begun for this object, or begins one.
   *
   * @returns `undefined` when the object is there
   */
  static async open(
    bucket: Bucket,
    name: string,
    bytes: number,
    signal?: AbortSignal,
  ): Promise<PartUpload | undefined> {
    while ((await bucket.sizeOf(name, signal)) !== bytes) {
      const id = (await oldestUpload(bucket, name, signal)) ?? (await begin(bucket, name, signal));
      const done = await partsOf(bucket, name, id, bytes, signal);
      if (done !== undefined) return new PartUpload(bucket, name, bytes, id, done);
    }
    return undefined;
  }

  get parts(): number {
    return Math.ceil(this.bytes / this.partBytes);
  }

  get doneBytes(): number {
    return [...this.#done.keys()].reduce((sum, part) => sum + this.range(part - 1).length, 0);
  }

  /** Numbers of the parts that are not on the server yet, from 0 on. */
  *missing(): Generator<number> {
    for (let part = 0; part < this.parts; part++) if (!this.#done.has(part + 1)) yield part;
  }

  /** Which bytes of the file a part has. */
  range(part: number): { readonly start: number; readonly length: number } {
    const start = part * this.partBytes;
    return { start, length: Math.min(this.partBytes, this.bytes - start) };
  }

  /** Sends a part. */
  async put(part: number, content: Uint8Array, signal?: AbortSignal): Promise<void> {
    const PartNumber = part + 1;
    const request = { ...this.#bucket.place(this.#name), UploadId: this.#id, PartNumber, Body: content };
    try {
      const { ETag } = await this.#bucket.client.send(new UploadPartCommand(request), { abortSignal: signal });
      this.#done.set(PartNumber, { PartNumber, ETag });
    } catch (error) {
      // Another worker has put the object together meanwhile; completing finds that out.
      if (!isNoSuchUpload(error)) throw asStoreError(error, 'write', this.#bucket.uriOf(this.#name), signal);
      this.#done.set(PartNumber, { PartNumber });
    }
  }

  /** Puts the object together of its parts. It appears whole, and stays if another worker has done it already. */
  async complete(signal?: AbortSignal): Promise<void> {
    const [missing] = this.missing();
    if (missing !== undefined) {
      const uri = this.#bucket.uriOf(this.#name);
      throw new Error(`Part ${missing + 1} of ${this.parts} of ${uri} was not sent: the server would leave it out`);
    }
    const Parts = [...this.#done.values()].sort((a, b) => a.PartNumber! - b.PartNumber!);
    const request = { ...this.#bucket.place(this.#name), UploadId: this.#id, MultipartUpload: { Parts } };
    try {
      await this.#bucket.client.send(new CompleteMultipartUploadCommand(request), { abortSignal: signal });
    } catch (error) {
      if (isNoSuchUpload(error) && (await this.#appears(signal))) return;
      throw asStoreError(error, 'complete', this.#bucket.uriOf(this.#name), signal);
    }
    await this.#abortOthers(signal);
  }

  /** Workers that began at the same moment have an upload each; who still fills another one finds the object there. */
  async #abortOthers(signal?: AbortSignal): Promise<void> {
    const { Key } = this.#bucket.place(this.#name);
    for await (const upload of listUploads(this.#bucket, this.#name, signal)) {
      if (upload.Key === Key) await abortUpload(this.#bucket, upload);
    }
  }

  /** Whether the object is there, or is soon: another worker may be completing it at this moment. */
  async #appears(signal?: AbortSignal): Promise<boolean> {
    for (let look = 1; look <= LOOKS; look++) {
      if ((await this.#bucket.sizeOf(this.#name, signal)) === this.bytes) return true;
      await sleep(LOOK_MILLISECONDS, undefined, { signal });
    }
    return false;
  }
}

async function begin(bucket: Bucket, name: string, signal?: AbortSignal): Promise<string> {
  return bucket.call('begin', name, signal, async () => {
    const request = new CreateMultipartUploadCommand(bucket.place(name));
    const { UploadId } = await bucket.client.send(request, { abortSignal: signal });
    return UploadId!;
  });
}

/** Workers that go on with an object choose the same upload, as far as they see one another's. */
async function oldestUpload(bucket: Bucket, name: string, signal?: AbortSignal): Promise<string | undefined> {
  let oldest: MultipartUpload | undefined;
  for await (const upload of listUploads(bucket, name, signal)) {
    if (upload.Key !== bucket.place(name).Key) continue;
    if (oldest === undefined || timeOf(upload) < timeOf(oldest)) oldest = upload;
  }
  return oldest?.UploadId;
}

function timeOf({ Initiated }: MultipartUpload): number {
  return Initiated?.getTime() ?? Infinity;
}

/**
 * The parts that are on the server. One of another size than its range is sent again.
 *
 * @returns `undefined` when another worker has completed or aborted the upload meanwhile
 */
async function partsOf(
  bucket: Bucket,
  name: string,
  id: string,
  bytes: number,
  signal?: AbortSignal,
): Promise<Map<number, CompletedPart> | undefined> {
  const partBytes = partBytesOf(bytes);
  const done = new Map<number, CompletedPart>();
  const request = { ...bucket.place(name), UploadId: id };
  const pages = paginateListParts({ client: bucket.client }, request, { abortSignal: signal });
  try {
    for await (const { Parts = [] } of pages) {
      for (const { PartNumber = 0, ETag, Size } of Parts) {
        const expected = Math.min(partBytes, bytes - (PartNumber - 1) * partBytes);
        if (Size === expected) done.set(PartNumber, { PartNumber, ETag });
      }
    }
  } catch (error) {
    if (isNoSuchUpload(error)) return undefined;
    throw asStoreError(error, 'list the parts of', bucket.uriOf(name), signal);
  }
  return done;
}

/** Gives an upload up; its parts are removed from the server. */
export async function abortUpload(bucket: Bucket, { Key = '', UploadId }: MultipartUpload): Promise<void> {
  const name = bucket.nameOf(Key);
  try {
    await bucket.client.send(new AbortMultipartUploadCommand({ ...bucket.place(name), UploadId }));
  } catch (error) {
    if (!isNoSuchUpload(error)) throw asStoreError(error, 'abort', bucket.uriOf(name));
  }
}
