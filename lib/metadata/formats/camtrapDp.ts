import { openPackage, type PackageFiles } from '../input/dataPackage';
import { CsvTable, optionalColumn } from './csvTable';
import { makeLabelSets } from './labelSets';
import { seasonOfFrame, wantedRows } from './names';
import { rejectRows } from './rows';
import { makeFramesView, type FormatReader, type StagingContext } from './staging';
import { localTime, otherTime } from './values';

/**
 * A Camtrap DP package (https://camtrap-dp.tdwg.org, version 1): deployments, media, observations. Its events are
 * sequences; a medium belongs to the event that an observation of it names, else to the last event of its deployment
 * that began before and has not ended, else it is a sequence of its own. Sites are locations.
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
  const told = `(SELECT observations.ordinal, coalesce(event, sequence) AS sequence, label
    FROM observations LEFT JOIN frame_rows USING (media) WHERE coalesce(event, sequence) IS NOT NULL)`;
  return { labelsOf: await makeLabelSets(context, told), frameRows: media, labelRows: observations };
};

async function loadDeployments(files: PackageFiles, context: StagingContext): Promise<void> {
  const deployments = await files.csv('deployments', ['deploymentID']);
  const location = optionalColumn(deployments, 'locationID');
  const name = optionalColumn(deployments, 'locationName');
  const columns = { deployment: 'deploymentID', site: `coalesce(${location}, ${name}, deploymentID)` };
  await new CsvTable('deployments', deployments, columns, context).load();
}

async function loadMedia(files: PackageFiles, context: StagingContext): Promise<CsvTable> {
  const media = await files.csv('media', ['mediaID', 'deploymentID', 'timestamp', 'filePath']);
  const type = optionalColumn(media, 'fileMediatype');
  const name = optionalColumn(media, 'fileName');
  // Media on the web are in the archive by their own name.
  const fileName = `if(contains(filePath, '://'), coalesce(${name}, regexp_extract(filePath, '[^/]+$')), filePath)`;
  const table = new CsvTable(
    'media',
    media,
    {
      media: 'mediaID',
      deployment: 'deploymentID',
      season: 'NULL::SMALLINT',
      timestamp: 'timestamp',
      file_name: `regexp_replace(replace(${fileName}, '\\', '/'), '^\\./', '')`,
      video: `coalesce(starts_with(${type}, 'video/'), false)`,
    },
    context,
  );
  await table.number();
  const { videos } = await context.database.row<{ videos: number }>('SELECT count(*) AS videos FROM media WHERE video');
  if (videos > 0) context.onWarning({ message: `${media.name}: ${videos} videos are left out`, details: { videos } });
  await context.database.run('DELETE FROM media WHERE video');
  return table;
}

async function loadObservations(files: PackageFiles, context: StagingContext): Promise<CsvTable> {
  const observations = await files.csv('observations', ['deploymentID', 'observationType']);
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

async function makeFrames(context: StagingContext): Promise<void> {
  const instant = (text: string): string => `try_cast(${text} AS TIMESTAMPTZ)`;
  await context.database.run(`CREATE TABLE frame_rows AS
    WITH named AS (SELECT media, min(event) AS event FROM observations WHERE media IS NOT NULL GROUP BY media),
      events AS (SELECT deployment, event, min(${instant('event_start')}) AS began, max(${instant('event_end')}) AS ended
        FROM observations WHERE event IS NOT NULL GROUP BY ALL),
      timed AS (SELECT ordinal, media, deployment, file_name, timestamp, ${instant('timestamp')} AS at FROM media),
      placed AS (SELECT timed.*, if(timed.at <= events.ended, events.event, NULL) AS event
        FROM timed ASOF LEFT JOIN (SELECT * FROM events WHERE began IS NOT NULL) AS events
        ON timed.deployment = events.deployment AND timed.at >= events.began)
    SELECT * FROM (SELECT *, ${seasonOfFrame(context)} AS season FROM (
      SELECT placed.ordinal, media, coalesce(named.event, placed.event, media) AS sequence, file_name, site,
        ${localTime('timestamp')} AS datetime, ${otherTime('timestamp')} AS other_time
      FROM placed LEFT JOIN named USING (media) LEFT JOIN deployments USING (deployment)))
    WHERE ${wantedRows(context)}`);
}
