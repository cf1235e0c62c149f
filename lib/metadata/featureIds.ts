import { readParquet, writeParquet } from './parquet';

/** Which frame a row of a feature matrix belongs to: a row of `ids.parquet`, in the same order. */
export interface FeatureId {
  /** Unique in the season. */
  readonly fileName: string;
  /** Whether the file ended early and was used as far as it goes. */
  readonly truncated: boolean;
}

/** Writes `ids.parquet`: columns `file_name` and `truncated`. Whole or not at all. */
export async function writeIds(path: string, ids: readonly FeatureId[]): Promise<void> {
  await writeParquet(path, {
    file_name: { type: 'VARCHAR', values: ids.map(({ fileName }) => fileName) },
    truncated: { type: 'BOOLEAN', values: ids.map(({ truncated }) => truncated) },
  });
}

export async function readIds(path: string): Promise<FeatureId[]> {
  const rows = await readParquet<{ file_name: string; truncated: boolean }>(path);
  return rows.map(({ file_name, truncated }) => ({ fileName: file_name, truncated }));
}
