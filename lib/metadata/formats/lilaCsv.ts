import { plainCsv } from '../input/member';
import { CsvTable, optionalColumn } from './csvTable';
import { makeLabelSets } from './labelSets';
import { seasonOfFrame, seasonOfSequence, wantedRows } from './names';
import { rejectRows } from './rows';
import { makeFramesView, type FormatReader } from './staging';
import { filePath, integer, localTime, otherTime, trimmed } from './values';

/**
 * LILA's CSV exports: a row an image, and a row a capture and species. Captures are sequences; time and site are the
 * capture's.
 */
export const readLilaCsv: FormatReader<{ format: 'lila-csv'; images: string; annotations: string }> = async (
  paths,
  context,
) => {
  const { database } = context;
  const images = await plainCsv(context.localPath(paths.images), ['capture_id', 'image_path_rel'], context);
  const annotations = await plainCsv(
    context.localPath(paths.annotations),
    ['capture_id', 'question__species'],
    context,
  );
  const rank = optionalColumn(images, 'image_rank_in_capture');
  const date = optionalColumn(annotations, 'capture_date_local');
  const time = optionalColumn(annotations, 'capture_time_local');
  const imageRows = new CsvTable(
    'image_rows',
    images,
    {
      sequence: trimmed('capture_id'),
      file_name: filePath('image_path_rel'),
      season: seasonOfFrame(context),
      position: integer(rank),
    },
    context,
    wantedRows(context),
  );
  const annotationRows = new CsvTable(
    'annotations',
    annotations,
    {
      sequence: trimmed('capture_id'),
      season: seasonOfSequence(context),
      label: 'trim(question__species)',
      site: trimmed(optionalColumn(annotations, 'site')),
      time: `concat_ws(' ', ${date}, ${time})`,
    },
    context,
    wantedRows(context),
  );
  // Each of the two numbers its rows and so runs on one thread; together they keep two busy.
  await Promise.all([imageRows.number(), annotationRows.number()]);
  await rejectRows(context, {
    table: 'image_rows',
    source: imageRows,
    problem: `CASE WHEN sequence IS NULL THEN 'capture_id is empty' WHEN file_name IS NULL THEN 'image_path_rel is empty'
      WHEN season IS NULL THEN 'neither capture_id nor image_path_rel tells the season' END`,
    value: `concat_ws(',', sequence, file_name)`,
    leftOut: imageRows.leftOut,
  });
  await rejectRows(context, {
    table: 'annotations',
    source: annotationRows,
    problem: `CASE WHEN sequence IS NULL THEN 'capture_id is empty'
      WHEN label IS NULL OR label = '' THEN 'question__species is empty' END`,
    value: 'sequence',
    leftOut: annotationRows.leftOut,
  });
  await database.run(`CREATE TABLE frame_rows AS
    SELECT image_rows.*, site, ${localTime('time')} AS datetime, ${otherTime('time')} AS other_time
    FROM image_rows LEFT JOIN
      (SELECT sequence, min(site) AS site, min(time) AS time FROM annotations GROUP BY sequence) USING (sequence)`);
  await makeFramesView(database, [
    'ordinal',
    'season',
    'sequence',
    'file_name',
    'site',
    'position',
    'datetime',
    'undated',
  ]);
  return { labelsOf: await makeLabelSets(context, 'annotations'), frameRows: imageRows, labelRows: annotationRows };
};
