import type { ErrorCode } from '../../contracts/errors';
import type { RuntimeInfo } from '../runtime';
import type { NetworkForm } from './network';

/** What an inference process is asked for; it answers each request with one reply, in order. */
export type Request =
  | { readonly load: { readonly directory: string; readonly form: NetworkForm; readonly batchSize?: number } }
  | { readonly run: readonly Uint8Array[] };

export type Reply =
  | { readonly loaded: LoadedNetwork }
  /** A row a photograph. */
  | { readonly rows: Float32Array }
  | { readonly error: { readonly code?: ErrorCode; readonly message: string; readonly details?: object } };

export interface LoadedNetwork {
  readonly device: RuntimeInfo['device'];
  /** Values in a row. */
  readonly width: number;
  /** Photographs that a request gets at most. */
  readonly batchSize: number;
}
