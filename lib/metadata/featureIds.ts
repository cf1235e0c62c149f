import { readParquet, writeParquet } from './parquet';

/** Which frame a row of a feature matrix belongs to: a row of `ids.parquet`, in the same order. */
export interface FeatureId {
  /** Unique in the season. */
  readonly fileName: string;
  /** CRC-32 of the frame's bytes; `null` where nothing states it. */
  readonly crc32: number | null;
  /** Whether the file ended early and was used as far as it goes. */
  readonly truncated: boolean;
}

/** Writes `ids.parquet`: columns `file_name`, `crc32` and `truncated`. Whole or not at all. */
export async function writeIds(path: string, ids: readonly FeatureId[]): Promise<void> {
  await writeParquet(path, {
    file_name: { type: 'VARCHAR', values: ids.map(({ fileName }) => fileName) },
    crc32: { type: 'UINTEGER', values: ids.map(({ crc32 }) => crc32) },
    truncated: { type: 'BOOLEAN', values: ids.map(({ truncated }) => truncated) },
  });
}

export async function readIds(path: string): Promise<FeatureId[]> {
  const rows = await readParquet<{ file_name: string; crc32: number | null; truncated: boolean }>(path);
  return rows.map(({ file_name, crc32, truncated }) => ({ fileName: file_name, crc32, truncated }));
}
