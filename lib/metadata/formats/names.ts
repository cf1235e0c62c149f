import { quoted } from '../database';
import type { SeasonScope } from './staging';

// What names tell. A sequence is called `SER_S1#B04#1#1`: season, site, roll, capture; a frame
// `S1/B04/B04_R1/S1_B04_R1_PICT0001.JPG`. Comparing beginnings is many times faster than taking the names apart, and
// there are millions of them.

const PREFIX = 'SER_';

/** SQL: whether a row of frames belongs to a season. Columns: sequence, file_name. */
export function isOfSeason(season: string, { sharing }: SeasonScope): string {
  const untold = sharing.length > 1 ? isInFolder(season) : 'true';
  return `(${isNamedAfter(season)} OR (NOT ${tellsSeason()} AND ${untold}))`;
}

/** SQL: whether a row of labels can belong to a season; its sequence decides in the end. Column: sequence. */
export function mayBeOfSeason(season: string): string {
  return `(${isNamedAfter(season)} OR NOT ${tellsSeason()})`;
}

/** SQL: whether a row of labels must belong to a season. Column: sequence. */
export function mustBeOfSeason(season: string, { sharing }: SeasonScope): string {
  return sharing.length > 1 ? isNamedAfter(season) : mayBeOfSeason(season);
}

/** SQL: whether a row of frames is to be looked at: it is of a wanted season, or wrong. Columns: sequence, file_name. */
export function isWantedFrame(scope: SeasonScope): string {
  const { seasons, sharing } = scope;
  const untold = sharing.length > 1 ? `(${[...seasons.map(isInFolder), tellsNothing(scope)].join(' OR ')})` : 'true';
  return `(sequence IS NULL OR file_name IS NULL OR ${isNamedAfterAny(seasons)} OR (NOT ${tellsSeason()} AND ${untold}))`;
}

/** SQL: the same for a row of labels. Column: sequence. */
export function isWantedLabel({ seasons }: SeasonScope): string {
  return `(sequence IS NULL OR ${isNamedAfterAny(seasons)} OR NOT ${tellsSeason()})`;
}

/** SQL: whether a row of frames should tell its season and does not. Columns: sequence, file_name. */
export function tellsNothing({ sharing }: SeasonScope): string {
  if (sharing.length < 2) return 'false';
  return `(NOT ${tellsSeason()} AND NOT (${sharing.map(isInFolder).join(' OR ')}))`;
}

/** SQL: the season of a row of frames, `NULL` where it does not tell. Columns: sequence, file_name. Slow. */
export function seasonOfFrame({ sharing }: SeasonScope): string {
  const folders = sharing.map((season) => `WHEN ${isInFolder(season)} THEN ${quoted(season)}`);
  return `coalesce(${seasonOfSequence()}, CASE ${folders.join(' ')} END)`;
}

/** SQL: the season of a row of labels, `NULL` where it does not tell. Column: sequence. Slow. */
export function seasonOfSequence(): string {
  return `nullif(regexp_extract(sequence, '^${PREFIX}([^#]+)#', 1), '')`;
}

/** SQL: the name of a sequence taken apart, a struct of site and roll, empty where it does not tell. */
export function partsOfSequence(sequence: string): string {
  return `regexp_extract(${sequence}, '^${PREFIX}[^#]+#([^#]*)#([^#]*)', ['site', 'roll'])`;
}

/** SQL: the folder of a file, empty where it has none. */
export function folderOf(fileName: string): string {
  return `regexp_extract(${fileName}, '^(.*)/', 1)`;
}

function isNamedAfter(season: string): string {
  return `starts_with(sequence, ${quoted(`${PREFIX}${season}#`)})`;
}

function isNamedAfterAny(seasons: readonly string[]): string {
  return seasons.map(isNamedAfter).join(' OR ');
}

function tellsSeason(): string {
  return `(starts_with(sequence, '${PREFIX}') AND contains(sequence, '#'))`;
}

function isInFolder(season: string): string {
  return `(starts_with(file_name, ${quoted(`${season}/`)}) OR starts_with(file_name, ${quoted(`${PREFIX}${season}/`)}))`;
}
