import type { CloneableError } from '../../io/cloneableError';
import type { Device } from '../device';
import type { NetworkForm } from './network';

/**
 * What an inference process is asked for; it answers each request with one reply, in order. A message goes over a pipe
 * as two lengths of four bytes each, little-endian, then the message as JSON, then its body.
 */
export type Request =
  | { readonly load: { readonly directory: string; readonly form: NetworkForm; readonly batchSize?: number } }
  /** So many photographs: the body has their pixels. */
  | { readonly run: number };

export type Reply =
  | { readonly loaded: LoadedNetwork }
  /** The body has a row a photograph, float32. */
  | { readonly ran: true }
  | { readonly error: CloneableError };

export interface LoadedNetwork {
  readonly device: Device;
  /** Values in a row. */
  readonly width: number;
  /** Photographs that a request gets at most. */
  readonly batchSize: number;
}

/** Where an inference process reads requests, and writes replies: libraries may print to the usual outputs. */
export const REQUESTS_FD = 0;
export const REPLIES_FD = 3;

export const LENGTHS_BYTES = 8;

/** @returns what goes before a body of so many bytes */
export function head(message: Request | Reply, bodyBytes: number): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32LE(json.length, 0);
  lengths.writeUInt32LE(bodyBytes, 4);
  return Buffer.concat([lengths, json]);
}

export function lengthsOf(bytes: Buffer): { readonly jsonBytes: number; readonly bodyBytes: number } {
  return { jsonBytes: bytes.readUInt32LE(0), bodyBytes: bytes.readUInt32LE(4) };
}
