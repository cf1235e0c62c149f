import { quoted } from '../database';
import type { SeasonScope } from './staging';

// What names tell. A sequence is called `SER_S1#B04#1#1`: season, site, roll, capture; a frame
// `S1/B04/B04_R1/S1_B04_R1_PICT0001.JPG`. Comparing beginnings is many times faster than taking the names apart, and
// there are millions of them.

const PREFIX = 'SER_';

/** Rows of seasons that are not wanted: see {@link seasonOfFrame}. */
const OTHER = -1;

/** SQL: whether a row is of a season that is not wanted. Column: season. */
export const IS_OTHER_SEASON = `(season IS NOT DISTINCT FROM ${OTHER})`;

/** SQL: which rows to keep. Where all of a file's seasons are wanted there is hardly another, and no need to look. */
export function wantedRows({ seasons, sharing }: SeasonScope): string {
  return seasons.length === sharing.length ? 'true' : `NOT ${IS_OTHER_SEASON}`;
}

/**
 * SQL: the position in `seasons` of a frame's season, {@link OTHER} for one that is not wanted, `NULL` where nothing
 * tells. The sequence's name does, else the folder that the file is in, else, in files that are one season's alone,
 * there is no other. Columns: sequence, file_name.
 */
export function seasonOfFrame({ seasons, sharing }: SeasonScope): string {
  const named = [...namedAfter(seasons), `WHEN ${tellsSeason()} THEN ${OTHER}`];
  if (sharing.length === 1) return `(CASE ${named.join(' ')} ELSE 0 END)::SMALLINT`;
  const inFolders = sharing.map((season) => `WHEN ${isInFolder(season)} THEN ${seasons.indexOf(season)}`);
  return `(CASE ${[...named, ...inFolders].join(' ')} END)::SMALLINT`;
}

/** SQL: the same for a sequence, `NULL` where only its frames tell. Column: sequence. */
export function seasonOfSequence({ seasons, sharing }: SeasonScope): string {
  const named = [...namedAfter(seasons), `WHEN ${tellsSeason()} THEN ${OTHER}`];
  return `(CASE ${named.join(' ')} ${sharing.length === 1 ? 'ELSE 0' : ''} END)::SMALLINT`;
}

/** SQL: the name of a sequence taken apart, a struct of site and roll, empty where it does not tell. */
export function partsOfSequence(sequence: string): string {
  return `regexp_extract(${sequence}, '^${PREFIX}[^#]+#([^#]*)#([^#]*)', ['site', 'roll'])`;
}

/** SQL: the folder of a file, empty where it has none. */
export function folderOf(fileName: string): string {
  return `regexp_extract(${fileName}, '^(.*)/', 1)`;
}

function namedAfter(seasons: readonly string[]): string[] {
  return seasons.map(
    (season, position) => `WHEN starts_with(sequence, ${quoted(`${PREFIX}${season}#`)}) THEN ${position}`,
  );
}

function tellsSeason(): string {
  return `(starts_with(sequence, '${PREFIX}') AND contains(sequence, '#'))`;
}

function isInFolder(season: string): string {
  return `(starts_with(file_name, ${quoted(`${season}/`)}) OR starts_with(file_name, ${quoted(`${PREFIX}${season}/`)}))`;
}
