import { SerengetiError } from '../contracts/errors';
import { quoted, type Database } from './database';

/** Fewer frames in common than this share of the shorter list: the two do not belong together. */
const LEAST_COMMON_SHARE = 0.01;
const EXAMPLES = 3;

/**
 * Makes the table `entries` (name, bytes, crc32) of the files in a season's archives.
 *
 * @param path - `entries.csv` of the season; absent where frames lie loose: then the table is empty.
 */
export async function loadEntries(database: Database, path: string | undefined): Promise<void> {
  await database.run('CREATE OR REPLACE TEMP TABLE entries (name VARCHAR, bytes BIGINT, crc32 UINTEGER)');
  if (path === undefined) return;
  await database.run(`INSERT INTO entries SELECT name, any_value(bytes::BIGINT), any_value(('0x' || crc32)::UINTEGER)
    FROM read_csv(${quoted(path)}, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true)
    WHERE NOT ends_with(name, '/') GROUP BY name`);
}

/**
 * Frames that show people are not in the archives, and archives hold other files too; but when next to nothing matches,
 * metadata and archive are of different seasons or name their files differently.
 *
 * @throws SerengetiError METADATA_INCONSISTENT with names from both sides
 */
export async function checkConsistency(database: Database, season: string): Promise<void> {
  const { frames, common, entries } = await database.row<{ frames: number; common: number; entries: number }>(
    `SELECT count(*) AS frames, count(*) FILTER (in_archive) AS common, (SELECT count(*) FROM entries) AS entries
     FROM season_frames`,
  );
  if (common > 0 && common >= LEAST_COMMON_SHARE * Math.min(frames, entries)) return;
  const listed = await database.rows<{ name: string }>(
    `SELECT file_name AS name FROM season_frames WHERE NOT in_archive ORDER BY name LIMIT ${EXAMPLES}`,
  );
  const archived = await database.rows<{ name: string }>(
    `SELECT name FROM entries ANTI JOIN season_frames ON file_name = name ORDER BY name LIMIT ${EXAMPLES}`,
  );
  const names = (rows: { name: string }[]): string => rows.map(({ name }) => `"${name}"`).join(', ') || 'nothing';
  throw new SerengetiError(
    'METADATA_INCONSISTENT',
    `Season ${season}: of ${frames} frames in the metadata and ${entries} files in the archive ${common} are the same. ` +
      `The metadata has ${names(listed)}; the archive has ${names(archived)}.`,
    { details: { season, frames, entries, common } },
  );
}
