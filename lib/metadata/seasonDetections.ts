import { join } from 'node:path';
import { SerengetiError } from '../contracts/errors';
import type { IndexSummary } from '../contracts/steps';
import type { Database } from './database';
import { copyToParquet } from './parquet';

/** A row a frame that a detector looked at: `file_name` and its `boxes`, as of `readDetections`. */
export const DETECTIONS_FILE = 'detections.parquet';

const EXAMPLES = 3;

/**
 * Writes what was detected in the season's frames. Its images may be of other seasons too, and none of some frames.
 *
 * @throws SerengetiError METADATA_INCONSISTENT where no image is a frame of the season, with names from both sides
 */
export async function writeDetections(
  database: Database,
  season: string,
  directory: string,
): Promise<NonNullable<IndexSummary['detections']>> {
  const ofSeason = `(SELECT season_frames.file_name, boxes FROM season_frames
    JOIN detections ON detections.file_name = nfc_normalize(season_frames.file_name) WHERE boxes IS NOT NULL)`;
  const counts = await database.row<{ frames: number; boxes: number }>(
    `SELECT count(*) AS frames, coalesce(sum(len(boxes)), 0)::BIGINT AS boxes FROM ${ofSeason}`,
  );
  if (counts.frames === 0) throw await strangers(database, season);
  await copyToParquet(database, `SELECT * FROM ${ofSeason} ORDER BY file_name`, join(directory, DETECTIONS_FILE));
  return counts;
}

async function strangers(database: Database, season: string): Promise<SerengetiError> {
  const names = async (table: string): Promise<string> => {
    const rows = await database.rows<{ name: string }>(
      `SELECT file_name AS name FROM ${table} ORDER BY name LIMIT ${EXAMPLES}`,
    );
    return rows.map(({ name }) => `"${name}"`).join(', ') || 'nothing';
  };
  return new SerengetiError(
    'METADATA_INCONSISTENT',
    `Season ${season}: its detections tell of none of its frames. They have ${await names('detections')}; ` +
      `the metadata has ${await names('season_frames')}.`,
    { details: { season } },
  );
}
