import { open, type FileHandle } from 'node:fs/promises';
import { SerengetiError } from '../contracts/errors';

const MAGIC = '\x93NUMPY';
const FLOAT_BYTES = 4;
/** NumPy pads its header so that data begins at a multiple of this. */
const ALIGNMENT = 64;

/**
 * Header of a NumPy file, version 1.0, of little-endian float32 in row order; the data follows as it is.
 * Source: `numpy.lib.format`.
 */
export function npyHeader(rows: number, width: number): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${width}), }`;
  const unpadded = MAGIC.length + 4 + text.length + 1;
  const total = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const header = Buffer.alloc(total, ' ');
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt8(1, 6);
  header.writeUInt8(0, 7);
  header.writeUInt16LE(total - 10, 8);
  header.write(text, 10, 'latin1');
  header.write('\n', total - 1, 'latin1');
  return header;
}

/** A two-dimensional float32 NumPy file, read row by row from disk. */
export class NpyFile {
  readonly path: string;
  readonly rows: number;
  readonly width: number;
  readonly #file: FileHandle;
  readonly #dataStart: number;

  private constructor(path: string, file: FileHandle, shape: { rows: number; width: number }, dataStart: number) {
    this.path = path;
    this.rows = shape.rows;
    this.width = shape.width;
    this.#file = file;
    this.#dataStart = dataStart;
  }

  /** @throws SerengetiError ARTIFACT_CORRUPT if it is not such a file, or has other than the announced length */
  static async open(path: string): Promise<NpyFile> {
    const file = await open(path, 'r');
    try {
      const { shape, dataStart } = await readHeader(file, path);
      const expected = dataStart + shape.rows * shape.width * FLOAT_BYTES;
      const { size } = await file.stat();
      if (size !== expected) throw corrupt(path, `has ${size} bytes, its header announces ${expected}`);
      return new NpyFile(path, file, shape, dataStart);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Reads `target.length / width` rows from `row` on into `target`. */
  async readRows(row: number, target: Float32Array): Promise<void> {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    const start = this.#dataStart + row * this.width * FLOAT_BYTES;
    for (let filled = 0; filled < bytes.length;) {
      const { bytesRead } = await this.#file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) throw corrupt(this.path, `ends at byte ${start + filled}`);
      filled += bytesRead;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function readHeader(file: FileHandle, path: string) {
  const start = Buffer.alloc(10);
  const { bytesRead } = await file.read(start, 0, 10, 0);
  if (bytesRead < 10 || start.toString('latin1', 0, 6) !== MAGIC) throw corrupt(path, 'does not begin as a NumPy file');
  const version = start.readUInt8(6);
  if (version !== 1) throw corrupt(path, `has version ${version} of the format, 1 is read`);
  const length = start.readUInt16LE(8);
  const text = Buffer.alloc(length);
  await file.read(text, 0, length, 10);
  return { shape: parseShape(text.toString('latin1'), path), dataStart: 10 + length };
}

function parseShape(header: string, path: string): { rows: number; width: number } {
  const shape = /'shape':\s*\((\d+),\s*(\d+)\)/.exec(header);
  if (!/'descr':\s*'<f4'/.test(header) || !/'fortran_order':\s*False/.test(header) || shape === null) {
    throw corrupt(path, `is not a two-dimensional float32 array in row order: ${header.trim()}`);
  }
  return { rows: Number(shape[1]), width: Number(shape[2]) };
}

function corrupt(path: string, problem: string): SerengetiError {
  return new SerengetiError('ARTIFACT_CORRUPT', `${path} ${problem}`, { details: { path } });
}
