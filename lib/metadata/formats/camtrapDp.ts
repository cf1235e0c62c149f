import { counted } from '../../contracts/format';
import { openPackage, type PackageFiles } from '../input/dataPackage';
import { CsvTable, optionalColumn } from './csvTable';
import { makeLabelSets } from './labelSets';
import { seasonOfFrame, wantedRows } from './names';
import { rejectRows } from './rows';
import { makeFramesView, type FormatReader, type StagingContext } from './staging';
import { filePath, localTime, otherTime } from './values';

/** Since version 1.0.2; rows may end with their last value. */
const DIALECT = { missing: ['', 'NA', 'NaN', 'nan'], shortRows: true };
const VIDEO_NAME = String.raw`\.(3gp|asf|avi|m4v|mkv|mov|mp4|mpe?g|mts|wmv)$`;

/**
 * A Camtrap DP package (https://camtrap-dp.tdwg.org, version 1): deployments, media, observations. Its events are
 * sequences; a medium belongs to the event that an observation of it names, else to the innermost event of its deployment
 * that holds its time, else it is a sequence of its own. Sites are locations, else deployments.
 */
export const readCamtrapDp: FormatReader<{ format: 'camtrap-dp'; path: string }> = async ({ path }, context) => {
  const { database } = context;
  const files = await openPackage(context.localPath(path), context);
  await loadDeployments(files, context);
  const media = await loadMedia(files, context);
  const observations = await loadObservations(files, context);

  await rejectRows(context, {
    table: 'media',
    source: media,
    problem: `CASE WHEN media IS NULL THEN 'mediaID is empty' WHEN file_name IS NULL THEN 'filePath is empty' END`,
    value: `concat_ws(',', media, file_name)`,
    leftOut: media.leftOut,
  });
  await rejectRows(context, {
    table: 'observations',
    source: observations,
    problem: `CASE WHEN label IS NULL THEN 'observationType is empty'
      WHEN event IS NULL AND media IS NULL THEN 'has neither eventID nor mediaID'
      WHEN event IS NULL AND media NOT IN (SELECT media FROM media) THEN 'mediaID is not in the media' END`,
    value: `coalesce(media, event)`,
    leftOut: observations.leftOut,
  });
  await makeFrames(context);
  await rejectRows(context, {
    table: 'frame_rows',
    source: media,
    problem: `if(season IS NULL, 'filePath does not tell the season', NULL)`,
    value: 'file_name',
  });
  await makeFramesView(database, ['ordinal', 'season', 'sequence', 'file_name', 'site', 'datetime', 'undated']);
  const told = `(SELECT observations.ordinal, coalesce(events.sequence, frame_rows.sequence) AS sequence, label
    FROM observations LEFT JOIN events USING (deployment, event) LEFT JOIN frame_rows USING (media)
    WHERE coalesce(events.sequence, frame_rows.sequence) IS NOT NULL)`;
  return { labelsOf: await makeLabelSets(context, told), frameRows: media, labelRows: observations };
};

async function loadDeployments(files: PackageFiles, context: StagingContext): Promise<void> {
  const deployments = await files.csv('deployments', ['deploymentID'], DIALECT);
  const location = optionalColumn(deployments, 'locationID');
  const name = optionalColumn(deployments, 'locationName');
  const columns = { deployment: 'deploymentID', site: `coalesce(${location}, ${name}, deploymentID)` };
  await new CsvTable('deployments', deployments, columns, context).load();
}

async function loadMedia(files: PackageFiles, context: StagingContext): Promise<CsvTable> {
  const media = await files.csv('media', ['mediaID', 'deploymentID', 'timestamp', 'filePath'], DIALECT);
  const type = optionalColumn(media, 'fileMediatype');
  const name = optionalColumn(media, 'fileName');
  // Media on the web are in the archive by their own name; what asks for them or a part of them is none of it.
  const onWeb = `regexp_extract(regexp_replace(filePath, '[?#].*$', ''), '[^/]+$')`;
  const fileName = `if(contains(filePath, '://'), coalesce(${name}, ${onWeb}), filePath)`;
  const table = new CsvTable(
    'media',
    media,
    {
      media: 'mediaID',
      deployment: 'deploymentID',
      season: 'NULL::SMALLINT',
      timestamp: 'timestamp',
      file_name: filePath(`(${fileName})`),
      video: `coalesce(starts_with(${type}, 'video/'), regexp_matches(lower(file_name), '${VIDEO_NAME}'), false)`,
    },
    context,
  );
  await table.number();
  const { videos } = await context.database.row<{ videos: number }>('SELECT count(*) AS videos FROM media WHERE video');
  if (videos > 0) {
    const text = counted(videos, 'video is', 'videos are');
    context.onWarning({ message: `${media.name}: ${text} left out`, details: { videos } });
  }
  await context.database.run('DELETE FROM media WHERE video');
  return table;
}

async function loadObservations(files: PackageFiles, context: StagingContext): Promise<CsvTable> {
  const observations = await files.csv('observations', ['deploymentID', 'observationType'], DIALECT);
  const column = (name: string): string => optionalColumn(observations, name);
  const table = new CsvTable(
    'observations',
    observations,
    {
      deployment: 'deploymentID',
      season: 'NULL::SMALLINT',
      media: column('mediaID'),
      event: column('eventID'),
      event_start: column('eventStart'),
      event_end: column('eventEnd'),
      label: `if(observationType = 'animal', coalesce(${column('scientificName')}, 'animal'), observationType)`,
    },
    context,
  );
  await table.number();
  return table;
}

/**
 * `events`: deployment, event, began, ended, sequence. Identifiers of events are their deployment's own: where another
 * has the same, the sequence's name says which deployment it is of.
 */
async function makeEvents({ database }: StagingContext): Promise<void> {
  await database.run(`UPDATE observations SET deployment = media.deployment FROM media
    WHERE observations.deployment IS NULL AND observations.media = media.media`);
  await database.run(`CREATE TABLE events AS
    SELECT deployment, event, began, ended,
      if(count(*) OVER (PARTITION BY event) > 1, concat_ws('/', deployment, event), event) AS sequence
    FROM (SELECT deployment, event, min(${instant('event_start')}) AS began, max(${instant('event_end')}) AS ended
      FROM observations WHERE event IS NOT NULL GROUP BY deployment, event)`);
}

async function makeFrames(context: StagingContext): Promise<void> {
  await makeEvents(context);
  // The event that began last holds most media; only what it does not hold is looked up in those that others lie within.
  await context.database.run(`CREATE TABLE frame_rows AS
    WITH named AS (
        SELECT media, first(sequence ORDER BY ended - began NULLS LAST, sequence) AS sequence
        FROM observations JOIN events USING (deployment, event) WHERE media IS NOT NULL GROUP BY media),
      spans AS (SELECT * FROM events WHERE began IS NOT NULL),
      latest AS (SELECT * FROM spans QUALIFY row_number() OVER (PARTITION BY deployment, began ORDER BY ended, event) = 1),
      enclosing AS (SELECT * FROM spans
        QUALIFY lead(began) OVER (PARTITION BY deployment ORDER BY began, ended DESC, event DESC) <= ended),
      timed AS (SELECT ordinal, media, deployment, file_name, timestamp, ${instant('timestamp')} AS at FROM media),
      placed AS (SELECT timed.*, if(timed.at <= latest.ended, latest.sequence, NULL) AS sequence
        FROM timed ASOF LEFT JOIN latest ON timed.deployment = latest.deployment AND timed.at >= latest.began),
      enclosed AS (
        SELECT placed.ordinal, first(enclosing.sequence ORDER BY began DESC, ended, event) AS sequence
        FROM placed JOIN enclosing ON placed.deployment = enclosing.deployment AND placed.at BETWEEN began AND ended
        WHERE placed.sequence IS NULL GROUP BY placed.ordinal)
    SELECT * FROM (SELECT *, ${seasonOfFrame(context)} AS season FROM (
      SELECT placed.ordinal, media, coalesce(named.sequence, placed.sequence, enclosed.sequence, media) AS sequence,
        file_name, site, ${localTime('timestamp')} AS datetime, ${otherTime('timestamp')} AS other_time
      FROM placed LEFT JOIN enclosed USING (ordinal) LEFT JOIN named USING (media) LEFT JOIN deployments USING (deployment)))
    WHERE ${wantedRows(context)}`);
}

/** SQL: a moment; nothing like "infinity", which the database would take. */
function instant(text: string): string {
  return `if(${text} ^@ '1' OR ${text} ^@ '2', try_cast(${text} AS TIMESTAMPTZ), NULL)`;
}
