import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isSerengetiError, SerengetiError } from '../contracts/errors';
import { pathExists, writeFileAtomic } from '../io/files';

/** A named float32 array. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Named arrays and what goes with them, as one file. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** Texts only: the format's own rule. */
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
/** In the metadata of files that were written here: what the rest of the file has to come to. */
const DIGEST = 'sha256';
/** Longer headers than this do not occur; a damaged length is not taken for one. */
const LONGEST_HEADER = 100_000_000;

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes arrays in the safetensors format: a length, a JSON header, the raw values. It appears whole or not at all;
 * equal arrays and metadata give equal bytes. A digest in the metadata tells readers whether a bit is another since.
 * Source: the format's description at github.com/huggingface/safetensors.
 */
export async function writeTensors(path: string, { tensors, metadata }: TensorFile): Promise<void> {
  const header: Record<string, unknown> = {};
  let position = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [position, position + data.byteLength] } satisfies HeaderEntry;
    position += data.byteLength;
  }
  const values = [...tensors.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const digest = digestOf(metadata, header, values);
  const text = Buffer.from(JSON.stringify({ __metadata__: { ...metadata, [DIGEST]: digest }, ...header }));
  // Values begin at a multiple of 8: readers may map them.
  const padded = Buffer.concat([text, Buffer.alloc((LENGTH_BYTES - (text.length % LENGTH_BYTES)) % LENGTH_BYTES, ' ')]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeFileAtomic(path, Buffer.concat([length, padded, ...values]));
}

/** @throws SerengetiError ARTIFACT_CORRUPT where the file is not whole, not as it was written or not of this format */
export async function readTensors(path: string): Promise<TensorFile> {
  const file = await readFile(path);
  const { header, dataStart } = readHeader(file, path);
  const { __metadata__, ...entries } = Object(header) as Record<string, Partial<HeaderEntry> | null>;
  const { [DIGEST]: digest, ...metadata } = Object(__metadata__) as Record<string, string>;
  const tensors = new Map<string, NamedTensor>();
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: place } = entry ?? {};
    if (!Array.isArray(shape) || !Array.isArray(place)) throw corrupt(path, `"${name}" has no shape or no place`);
    const [from, to] = place as HeaderEntry['data_offsets'];
    const length = (shape as number[]).reduce((product, size) => product * size, 1);
    if (dtype !== 'F32' || to - from !== length * 4 || dataStart + to > file.length) {
      throw corrupt(path, `"${name}" is no float32 array of [${shape.join(', ')}] within ${file.length} bytes`);
    }
    const data = new Float32Array(length);
    new Uint8Array(data.buffer).set(file.subarray(dataStart + from, dataStart + to));
    tensors.set(name, { shape, data });
  }
  if (digest !== undefined && digest !== digestOf(metadata, entries, [file.subarray(dataStart)])) {
    throw corrupt(path, 'is not as it was written: its digest is another');
  }
  return { tensors, metadata };
}

/**
 * What an earlier attempt left for its successor.
 *
 * @param onDamage - called with what is wrong where it is not as it was left
 * @returns `undefined` where there is nothing, or nothing that can be trusted
 */
export async function readKeptTensors(
  path: string,
  onDamage?: (problem: string) => void,
): Promise<TensorFile | undefined> {
  if (!(await pathExists(path))) return undefined;
  try {
    return await readTensors(path);
  } catch (error) {
    if (!isSerengetiError(error) || error.code !== 'ARTIFACT_CORRUPT') throw error;
    onDamage?.(error.message);
    return undefined;
  }
}

function readHeader(file: Buffer, path: string): { header: unknown; dataStart: number } {
  const length = file.length < LENGTH_BYTES ? Infinity : Number(file.readBigUInt64LE());
  const dataStart = LENGTH_BYTES + length;
  if (length > LONGEST_HEADER || dataStart > file.length) throw corrupt(path, `ends within its header`);
  try {
    return { header: JSON.parse(file.toString('utf8', LENGTH_BYTES, dataStart)), dataStart };
  } catch (cause) {
    throw corrupt(path, 'has a header that is not JSON', cause);
  }
}

function digestOf(metadata: TensorFile['metadata'], header: object, values: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify([metadata, header]));
  for (const bytes of values) hash.update(bytes);
  return hash.digest('hex');
}

function corrupt(path: string, problem: string, cause?: unknown): SerengetiError {
  return new SerengetiError('ARTIFACT_CORRUPT', `${path}: ${problem}`, { cause, details: { path } });
}
