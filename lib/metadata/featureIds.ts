import type { Box } from '../contracts/detection';
import { readParquet, writeParquet } from './parquet';

/** Which frame a row of a feature matrix belongs to: a row of `ids.parquet`, in the same order. */
export interface FeatureId {
  /** Unique in the season. */
  readonly fileName: string;
  /** CRC-32 of the frame's bytes; `null` where nothing states it. */
  readonly crc32: number | null;
  /** Whether the file ended early and was used as far as it goes. */
  readonly truncated: boolean;
  /** What was looked at; all of the frame where there is none. */
  readonly box?: Box | null | undefined;
}

/** Writes `ids.parquet`: columns `file_name`, `crc32` and `truncated`, and the `box` as JSON where any has one. Whole or not at all. */
export async function writeIds(path: string, ids: readonly FeatureId[]): Promise<void> {
  await writeParquet(path, {
    file_name: { type: 'VARCHAR', values: ids.map(({ fileName }) => fileName) },
    crc32: { type: 'UINTEGER', values: ids.map(({ crc32 }) => crc32) },
    truncated: { type: 'BOOLEAN', values: ids.map(({ truncated }) => truncated) },
    ...(ids.some(({ box }) => box) && {
      box: { type: 'VARCHAR' as const, values: ids.map(({ box }) => (box ? JSON.stringify(box) : null)) },
    }),
  });
}

export async function readIds(path: string): Promise<FeatureId[]> {
  const rows = await readParquet<{ file_name: string; crc32: number | null; truncated: boolean; box?: string | null }>(
    path,
  );
  return rows.map(({ file_name, crc32, truncated, box }) => ({
    fileName: file_name,
    crc32,
    truncated,
    ...(box && { box: JSON.parse(box) as Box }),
  }));
}
