import { SerengetiError } from '../../contracts/errors';
import { identifier, quotedList } from '../database';
import { CsvFile, ORDINAL } from '../input/csvFile';
import { plainCsv } from '../input/member';
import {
  FRAMES_TABLE,
  LABEL_SETS_TABLE,
  folderOf,
  isWanted,
  localTime,
  rejectRows,
  rollOfSequence,
  seasonOfFrame,
  seasonOfSequence,
  siteOfSequence,
  type FormatReader,
  type Staged,
  type StagingContext,
} from './staging';

const SEQUENCE = 'seq_id';
const METADATA_COLUMNS = [SEQUENCE, 'file_name', 'datetime'];

/**
 * The competition's files: a row a frame, and a row a sequence with a column of 0 and 1 for each label. The order of a
 * sequence's frames is that of their names.
 */
export const readCompetitionCsv: FormatReader<{ format: 'competition-csv'; metadata: string; labels: string }> = async (
  metadata,
  context,
) => {
  const frames = await openCsv(metadata.metadata, METADATA_COLUMNS, context);
  const labels = await openCsv(metadata.labels, [SEQUENCE], context);
  const classColumns = labels.header.filter((column) => column !== SEQUENCE);
  if (classColumns.length === 0) {
    throw new SerengetiError('METADATA_INVALID', `${labels.name}, line 1: there is no column of a class`);
  }
  await context.database.run(FRAMES_TABLE);
  await context.database.run(LABEL_SETS_TABLE);
  // Each of the two is numbered row by row and so runs on one thread; together they keep two busy.
  const leftOut = await Promise.all([
    load(frames, frameStatement(context), context),
    load(labels, labelStatement(classColumns, context), context),
  ]);
  await rejectRows(context, {
    table: 'frames',
    source: frames,
    problem: `CASE WHEN sequence IS NULL THEN 'seq_id is empty' WHEN file_name IS NULL THEN 'file_name is empty'
      WHEN season IS NULL THEN 'neither seq_id nor file_name tells the season' END`,
    value: `concat_ws(',', sequence, file_name)`,
    leftOut: leftOut[0],
  });
  await rejectRows(context, {
    table: 'label_sets',
    source: labels,
    problem: `CASE WHEN sequence IS NULL THEN 'seq_id is empty'
      WHEN contains(pattern, '?') THEN ${firstBadColumn(classColumns)} || ' is neither 0 nor 1' END`,
    value: 'sequence',
    leftOut: leftOut[1],
  });
  return { labels: classColumns, frameRows: frames, labelRows: labels } satisfies Staged;
};

async function openCsv(path: string, columns: readonly string[], context: StagingContext): Promise<CsvFile> {
  const file = await plainCsv(context.localPath(path), columns, context);
  file.requireColumns(columns);
  return file;
}

async function load(
  file: CsvFile,
  statement: (relation: string) => string,
  { database, scratch, rejections }: StagingContext,
): Promise<number> {
  let leftOut = 0;
  await file.load(database, scratch, statement, (rejection) => {
    leftOut += 1;
    rejections.add(rejection);
  });
  return leftOut;
}

function frameStatement(context: StagingContext): (relation: string) => string {
  const season = seasonOfFrame(SEQUENCE, 'file_name', context);
  const site = `coalesce(${siteOfSequence(SEQUENCE)}, ${folderOf('file_name')}, '')`;
  const time = localTime('datetime');
  return (relation) => `INSERT INTO frames
    SELECT ${ORDINAL}, ${season} AS season, ${SEQUENCE}, ${site}, ${rollOfSequence(SEQUENCE)}, file_name, NULL,
      ${time}, datetime IS NOT NULL AND ${time} IS NULL, NULL, NULL, false
    FROM ${relation} WHERE ${isWanted(season, context)}`;
}

function labelStatement(columns: readonly string[], context: StagingContext): (relation: string) => string {
  const cells = columns.map((column, position) => {
    const cell = identifier(column);
    return `CASE ${cell} WHEN '0' THEN '' WHEN '1' THEN '${position},' ELSE '${position}?,' END`;
  });
  const season = seasonOfSequence(SEQUENCE);
  return (relation) => `INSERT INTO label_sets
    SELECT ${ORDINAL}, ${season} AS season, ${SEQUENCE}, concat(${cells.join(', ')})
    FROM ${relation} WHERE ${isWanted(season, context)}`;
}

/** SQL: name of the first column whose cell the pattern marks. */
function firstBadColumn(columns: readonly string[]): string {
  return `${quotedList(columns)}[regexp_extract(pattern, '(\\d+)\\?', 1)::INTEGER + 1]`;
}
