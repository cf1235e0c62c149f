import { continueAsNew } from '@temporalio/workflow';
import type { IngestInput, IngestResult } from '../lib/contracts/run';
import { archives, transfers } from './activities';
import { answeringLedger } from './progress';
import { showDetails } from './supervise';

/** Makes one season local: its metadata, its archives, its frames. Shared by all runs that need the season. */
export async function ingestSeason(input: IngestInput): Promise<IngestResult> {
  const { catalog, season } = input;
  const ledger = answeringLedger(input.bytesPerSecond);
  const { control } = ledger;
  showDetails(ledger);
  control.onLongHistory = async () =>
    await continueAsNew<typeof ingestSeason>({ ...input, bytesPerSecond: control.bytesPerSecond });
  const part = (): IngestInput => ({ catalog, season, bytesPerSecond: control.bytesPerSecond });

  const [metadata, archive] = await Promise.all([
    ledger.part(
      'download',
      `metadata:${season}`,
      () =>
        transfers.downloadMetadata.executeWithOptions(
          { activityId: `metadata:${season}`, summary: `Metadata of ${season}` },
          [part()],
        ),
      (ref) => ref.bytes,
    ),
    ledger.part(
      'download',
      `download:${season}`,
      () =>
        transfers.downloadArchive.executeWithOptions(
          { activityId: `download:${season}`, summary: `Archive of ${season}` },
          [part()],
        ),
      (ref) => ref.bytes,
    ),
  ]);
  ledger.close('download');

  const frames = await ledger.part(
    'unzip',
    `unzip:${season}`,
    () =>
      archives.unzipSeason.executeWithOptions({ activityId: `unzip:${season}`, summary: `Frames of ${season}` }, [
        { archive: archive.ref },
      ]),
    (ref) => ref.summary.entries,
  );
  ledger.close('unzip');

  return {
    season,
    metadata: metadata.ref,
    frames: frames.ref,
    archiveBytes: archive.ref.bytes,
    reused: { metadata: metadata.reused, archive: archive.reused, frames: frames.reused },
    spans: { download: ledger.span('download'), unzip: ledger.span('unzip') },
  };
}
