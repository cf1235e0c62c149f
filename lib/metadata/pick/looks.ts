import { join } from 'node:path';
import { ANIMAL } from '../../contracts/detection';
import { SerengetiError } from '../../contracts/errors';
import { pathExists } from '../../io/files';
import { quoted, type Database } from '../database';
import { parquet } from '../parquet';
import { DETECTIONS_FILE } from '../seasonDetections';
import type { SeasonOnSide } from './candidates';

/**
 * Makes each animal that was detected in a frame of `chosen` a row of its own with its `box`, as `looksAt` does; `NULL` is all
 * of a frame without any.
 *
 * @throws SerengetiError INPUT_INVALID where a season has no detections
 */
export async function splitIntoLooks(
  database: Database,
  seasons: readonly SeasonOnSide[],
  threshold: number,
): Promise<void> {
  const boxes: string[] = [];
  for (const { season, directory } of seasons) {
    const path = join(directory, DETECTIONS_FILE);
    if (!(await pathExists(path))) {
      throw new SerengetiError(
        'INPUT_INVALID',
        `model.crop: season ${season} has no detections. Name a file in MegaDetector's format as its "detections" in the catalog`,
        { details: { season } },
      );
    }
    boxes.push(`SELECT ${quoted(season)} AS season, file_name, unnest(boxes) AS found FROM ${parquet(path)}`);
  }
  await database.run(`CREATE TABLE looks AS SELECT chosen.*, box FROM chosen LEFT JOIN (
    SELECT season, file_name, [found.x, found.y, found.width, found.height] AS box FROM (${boxes.join(' UNION ALL ')})
    WHERE found.kind = ${quoted(ANIMAL)} AND found.confidence >= ${threshold}) USING (season, file_name)`);
}
