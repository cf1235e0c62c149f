import { join } from 'node:path';
import type { GallerySequence } from '../contracts/exploration';
import type { WorkOptions } from '../contracts/progress';
import { Database, quotedList } from './database';
import type { SeasonIndex } from './exploration';
import { parquet } from './parquet';
import { PICKED_FRAMES_FILE } from './pick/pickFrames';
import { drawOf } from './pick/shards';
import { FRAMES_FILE, SEQUENCES_FILE } from './seasonTables';

export interface GalleryOptions {
  readonly classNames: readonly string[];
  readonly seed: number;
  /** Sequences a class, at most. */
  readonly count: number;
  /** Folder of a pick: only what it chose is shown. @default everything */
  readonly pick?: string | undefined;
}

/**
 * Random sequences of each class, with the frames that can be read. The same seed gives the same ones; a larger count
 * adds to those of a smaller.
 */
export async function sampleGallery(
  indexes: readonly SeasonIndex[],
  { classNames, seed, count, pick }: GalleryOptions,
  { signal }: WorkOptions = {},
): Promise<Map<string, GallerySequence[]>> {
  const chosen = pick === undefined ? undefined : parquet(join(pick, PICKED_FRAMES_FILE));
  return await Database.use({ signal }, async (database) => {
    const sequences = indexes.map(
      ({
        season,
        directory,
      }) => `SELECT season, site, sequence, labels, datetime, ${drawOf(seed, season, 'sequence')} AS draw
        FROM ${parquet(join(directory, SEQUENCES_FILE))} WHERE usable_frames > 0
        ${chosen === undefined ? '' : `AND (season, sequence) IN (SELECT (season, sequence) FROM ${chosen})`}`,
    );
    await database.run(`CREATE TABLE sampled AS
      SELECT * FROM (SELECT *, unnest(list_intersect(labels, ${quotedList(classNames)})) AS class
        FROM (${sequences.join(' UNION ALL ')}))
      QUALIFY row_number() OVER (PARTITION BY class ORDER BY draw) <= ${count}`);
    const frames = indexes.map(
      ({ directory }) => `SELECT season, sequence, file_name, rank
        FROM ${parquet(join(directory, FRAMES_FILE))} WHERE in_archive AND NOT corrupt
        AND sequence IN (SELECT sequence FROM sampled)
        ${chosen === undefined ? '' : `AND (season, file_name) IN (SELECT (season, file_name) FROM ${chosen})`}`,
    );
    const rows = await database.rows<Row>(
      `SELECT class, season, site, sequence, labels, file_name AS "fileName",
         strftime(datetime, '%Y-%m-%d %H:%M:%S') AS datetime
       FROM sampled JOIN (${frames.join(' UNION ALL ')}) USING (season, sequence) ORDER BY class, draw, rank`,
    );
    return grouped(rows, classNames);
  });
}

type Row = Omit<GallerySequence, 'fileNames' | 'datetime'> & {
  readonly class: string;
  readonly fileName: string;
  readonly datetime: string | null;
};

/** @param rows - those of a sequence one after the other. */
function grouped(rows: readonly Row[], classNames: readonly string[]): Map<string, GallerySequence[]> {
  const gallery = new Map<string, (GallerySequence & { fileNames: string[] })[]>(
    classNames.map((className) => [className, []]),
  );
  for (const { class: className, season, site, sequence, labels, fileName, datetime } of rows) {
    const sequences = gallery.get(className)!;
    let last = sequences.at(-1);
    if (last?.sequence !== sequence || last.season !== season) {
      last = { season, site, sequence, labels, ...(datetime === null ? {} : { datetime }), fileNames: [] };
      sequences.push(last);
    }
    last.fileNames.push(fileName);
  }
  return gallery;
}
