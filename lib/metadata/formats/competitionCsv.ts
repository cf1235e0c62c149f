import { plainCsv } from '../input/member';
import { CsvTable } from './csvTable';
import { readLabelLines } from './labelLines';
import { seasonOfFrame, wantedRows } from './names';
import { rejectRows } from './rows';
import { makeFramesView, type FormatReader } from './staging';
import { filePath, localTime, otherTime, trimmed } from './values';

/**
 * The competition's files: a row a frame, and a row a sequence with a column of 0 and 1 for each label. The order of a
 * sequence's frames is that of their names.
 */
export const readCompetitionCsv: FormatReader<{ format: 'competition-csv'; metadata: string; labels: string }> = async (
  paths,
  context,
) => {
  const metadata = await plainCsv(context.localPath(paths.metadata), ['seq_id', 'file_name', 'datetime'], context);
  const labels = await plainCsv(context.localPath(paths.labels), ['seq_id'], context);
  const columns = {
    sequence: trimmed('seq_id'),
    file_name: filePath('file_name'),
    season: seasonOfFrame(context),
    other_time: otherTime('datetime'),
    datetime: localTime('datetime'),
  };
  const frames = new CsvTable('frame_rows', metadata, columns, context, wantedRows(context));
  await frames.load();
  await makeFramesView(context.database, ['ordinal', 'season', 'sequence', 'file_name', 'datetime', 'undated']);
  await rejectRows(context, {
    table: 'frame_rows',
    source: frames,
    problem: `CASE WHEN sequence IS NULL THEN 'seq_id is empty' WHEN file_name IS NULL THEN 'file_name is empty'
      WHEN season IS NULL THEN 'neither seq_id nor file_name tells the season' END`,
    value: `concat_ws(',', sequence, file_name)`,
    leftOut: frames.leftOut,
  });
  return { frameRows: frames, ...(await readLabelLines(labels, context)) };
};
