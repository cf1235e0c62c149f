import { open, type FileHandle } from 'node:fs/promises';
import { forEachParallel } from '../../io/parallel';
import type { Bucket } from './bucket';
import { PartUpload, partBytesOf } from './partUpload';

/** Parts of a file in work at a time. */
const PARTS_AT_ONCE = 4;

/**
 * Uploads a file, unless the object is there with its size: its name says what it holds. Parts that an earlier attempt
 * has sent are not sent again.
 *
 * @param onBytes - told of bytes as they are on the server, also of those that were there before
 */
export async function uploadFile(
  bucket: Bucket,
  name: string,
  { path, bytes }: { readonly path: string; readonly bytes: number },
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  if ((await bucket.sizeOf(name, signal)) === bytes) return onBytes(bytes);
  const file = await open(path, 'r');
  try {
    if (bytes > partBytesOf(bytes)) return await uploadParts(bucket, name, bytes, file, onBytes, signal);
    await bucket.write(name, await file.readFile({ signal }), signal);
    onBytes(bytes);
  } finally {
    await file.close();
  }
}

async function uploadParts(
  bucket: Bucket,
  name: string,
  bytes: number,
  file: FileHandle,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const upload = await PartUpload.open(bucket, name, bytes, signal);
  if (upload === undefined) return onBytes(bytes);
  onBytes(upload.doneBytes);
  await forEachParallel(upload.missing(), PARTS_AT_ONCE, signal, async (part, stop) => {
    const { start, length } = upload.range(part);
    const content = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await file.read(content, 0, length, start);
    if (bytesRead !== length) throw new Error(`The file of ${name} became shorter while it was uploaded`);
    await upload.put(part, content, stop);
    onBytes(length);
  });
  await upload.complete(signal);
}
