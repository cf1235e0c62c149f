import {
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket';

/** Uploads in parts that were begun and neither completed nor aborted, of objects whose names begin with `prefix`. */
export async function* listUploads(
  bucket: Bucket,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<MultipartUpload> {
  const { Bucket, Key: Prefix } = bucket.place(prefix);
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const request: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({ Bucket, Prefix, ...marker });
    const page: ListMultipartUploadsCommandOutput = await bucket.call('list the uploads of', prefix, signal, () =>
      bucket.client.send(request, { abortSignal: signal }),
    );
    yield* page.Uploads ?? [];
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
    marker = IsTruncated === true ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined;
  }
}
