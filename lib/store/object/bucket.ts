import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { SerengetiError } from '../../contracts/errors';
import { asStoreError, isNoSuchObject, isPreconditionFailed } from './failures';
import type { BucketSettings } from './settings';

/** An object as a listing shows it. */
export interface ListedObject {
  readonly name: string;
  readonly bytes: number;
  readonly changedAt: Date;
}

/** Objects in one request to remove them: the protocol's limit. */
const REMOVED_AT_ONCE = 1_000;

/**
 * The part of a bucket that lies below the store's prefix: the few calls that the store needs. Names are relative to
 * the prefix. Every call is tried again a few times by the SDK; what remains is an error of the product's table.
 *
 * @throws SerengetiError STORE_UNREACHABLE, STORE_FORBIDDEN, STORE_MISSING from every call
 */
export class Bucket {
  readonly #settings: BucketSettings;
  readonly client: S3Client;

  constructor(settings: BucketSettings) {
    this.#settings = settings;
    this.client = new S3Client(settings.client);
  }

  uriOf(name: string): string {
    return `s3://${this.#settings.bucket}/${this.#settings.prefix}${name}`;
  }

  /** Where an object is, in the SDK's words. */
  place(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#settings.bucket, Key: this.#settings.prefix + name };
  }

  /** An object's whole content, for small ones; `undefined` when there is none. */
  async read(name: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand(this.place(name)), { abortSignal: signal });
      return await buffer(Body as Readable);
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw asStoreError(error, 'read', this.uriOf(name), signal);
    }
  }

  /**
   * The bytes from `start` on to before `end`. They may break off: the reader counts them.
   *
   * @throws SerengetiError ARTIFACT_CORRUPT when there is no such object: who asks has it from a manifest
   */
  async stream(
    name: string,
    { start, end }: { readonly start: number; readonly end: number },
    signal?: AbortSignal,
  ): Promise<Readable> {
    const Range = `bytes=${start}-${end - 1}`;
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ ...this.place(name), Range }), {
        abortSignal: signal,
      });
      return Body as Readable;
    } catch (error) {
      if (!isNoSuchObject(error)) throw asStoreError(error, 'read', this.uriOf(name), signal);
      const message = `${this.uriOf(name)} is not there, although the manifest of its artifact lists it`;
      throw new SerengetiError('ARTIFACT_CORRUPT', message, { cause: error, details: { uri: this.uriOf(name) } });
    }
  }

  /** An object's size; `undefined` when there is none. */
  async sizeOf(name: string, signal?: AbortSignal): Promise<number | undefined> {
    try {
      const { ContentLength } = await this.client.send(new HeadObjectCommand(this.place(name)), {
        abortSignal: signal,
      });
      return ContentLength;
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw asStoreError(error, 'look at', this.uriOf(name), signal);
    }
  }

  async write(name: string, content: string | Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.call('write', name, signal, () =>
      this.client.send(new PutObjectCommand({ ...this.place(name), Body: content }), { abortSignal: signal }),
    );
  }

  /** Writes an object that is not there yet. @returns whether it was written; `false` when there is one */
  async create(name: string, content: string | Uint8Array, signal?: AbortSignal): Promise<boolean> {
    try {
      await this.client.send(new PutObjectCommand({ ...this.place(name), Body: content, IfNoneMatch: '*' }), {
        abortSignal: signal,
      });
      return true;
    } catch (error) {
      if (!isPreconditionFailed(error)) throw asStoreError(error, 'write', this.uriOf(name), signal);
      return false;
    }
  }

  /** All objects whose names begin with `prefix`, in the names' order. */
  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<ListedObject> {
    const { Bucket: bucket, Key: Prefix } = this.place(prefix);
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: bucket, Prefix }, { abortSignal: signal });
    try {
      for await (const { Contents = [] } of pages) {
        for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents) {
          yield { name: this.nameOf(Key), bytes: Size, changedAt: LastModified };
        }
      }
    } catch (error) {
      throw asStoreError(error, 'list', this.uriOf(prefix), signal);
    }
  }

  /** The names directly below `folder` that others lie below, without their slash. */
  async folders(folder: string, signal?: AbortSignal): Promise<string[]> {
    const { Bucket: bucket, Key: Prefix } = this.place(folder);
    const request = { Bucket: bucket, Prefix, Delimiter: '/' };
    const pages = paginateListObjectsV2({ client: this.client }, request, { abortSignal: signal });
    return this.call('list', folder, signal, async () => {
      const names: string[] = [];
      for await (const { CommonPrefixes = [] } of pages) {
        for (const { Prefix: below = '' } of CommonPrefixes) names.push(below.slice(Prefix.length, -1));
      }
      return names;
    });
  }

  /** Removes objects; those that are not there are no error. */
  async remove(names: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let start = 0; start < names.length; start += REMOVED_AT_ONCE) {
      const batch = names.slice(start, start + REMOVED_AT_ONCE);
      await this.call('remove', batch[0]!, signal, async () => {
        const Objects = batch.map((name) => ({ Key: this.place(name).Key }));
        const { Errors = [] } = await this.client.send(
          new DeleteObjectsCommand({ Bucket: this.#settings.bucket, Delete: { Objects, Quiet: true } }),
          { abortSignal: signal },
        );
        const [first] = Errors;
        if (first !== undefined) throw Object.assign(new Error(first.Message), { name: first.Code ?? 'Error' });
      });
    }
  }

  /** Fails, with the reason, unless the bucket can be reached and listed. */
  async check(signal?: AbortSignal): Promise<void> {
    const { Bucket: bucket, Key: Prefix } = this.place('');
    await this.call('list', '', signal, () =>
      this.client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: 1 }), { abortSignal: signal }),
    );
  }

  /** An object's name relative to the prefix. */
  nameOf(key: string): string {
    return key.slice(this.#settings.prefix.length);
  }

  /** Runs a call of the SDK; its error becomes one of the product's. */
  async call<T>(action: string, name: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw asStoreError(error, action, this.uriOf(name), signal);
    }
  }

  close(): void {
    this.client.destroy();
  }
}
