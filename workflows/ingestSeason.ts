import { continueAsNew } from '@temporalio/workflow';
import type { IngestInput, IngestResult, Outcome } from '../lib/contracts/run';
import type { FramesRef, MetadataRef } from '../lib/contracts/steps';
import { archives, transfers } from './activities';
import type { Ledger } from './ledger';
import { answeringLedger } from './progress';
import { showing } from './supervise';

/**
 * Finds one season's metadata and frames, and makes its archives local where they are wanted. Shared by all runs that
 * need the season in the same way.
 */
export async function ingestSeason(input: IngestInput): Promise<IngestResult> {
  const ledger = answeringLedger(input.bytesPerSecond);
  const { control } = ledger;
  control.onLongHistory = async () =>
    await continueAsNew<typeof ingestSeason>({ ...input, bytesPerSecond: control.bytesPerSecond });
  const [metadata, frames] = await showing(ledger, async () => {
    const found = await Promise.all([fetchMetadata(ledger, input), findFrames(ledger, input)]);
    ledger.close('download', 'unzip');
    return found;
  });
  return {
    season: input.season,
    metadata: metadata.ref,
    frames: frames.ref,
    archiveBytes: frames.bytes,
    reused: { metadata: metadata.reused, archive: frames.archiveReused, frames: frames.reused },
    spans: { download: ledger.span('download'), ...(frames.unzips ? { unzip: ledger.span('unzip') } : {}) },
  };
}

interface FoundFrames extends Outcome<FramesRef> {
  /** Bytes of the archives, or of what was read of them. */
  readonly bytes: number;
  readonly archiveReused: boolean;
  /** Whether unzipping is part of the way. */
  readonly unzips: boolean;
}

function fetchMetadata(ledger: Ledger, { catalog, season }: IngestInput): Promise<Outcome<MetadataRef>> {
  const activityId = `metadata:${season}`;
  return ledger.part(
    'download',
    activityId,
    () =>
      transfers.downloadMetadata.executeWithOptions({ activityId, summary: `Metadata of ${season}` }, [
        { catalog, season, bytesPerSecond: ledger.control.bytesPerSecond },
      ]),
    ({ bytes }) => bytes,
  );
}

async function findFrames(ledger: Ledger, input: IngestInput): Promise<FoundFrames> {
  const { season } = input;
  const activityId = `survey:${season}`;
  const survey = await ledger.control.attempt({ step: 'download', part: activityId }, () =>
    transfers.surveySeason.executeWithOptions({ activityId, summary: `What there is of ${season}` }, [input]),
  );
  if (survey.frames !== undefined) return await takeOver(ledger, input, survey.frames, survey.downloads);
  return survey.downloads ? await downloadAndUnzip(ledger, input) : await listAtMirrors(ledger, input);
}

/** What was made of the season before is all that is needed, whether or not its archives are still there. */
async function takeOver(
  ledger: Ledger,
  { season }: IngestInput,
  ref: FramesRef,
  downloads: boolean,
): Promise<FoundFrames> {
  const { archiveBytes, wireBytes, entries } = ref.summary;
  const bytes = downloads ? archiveBytes : wireBytes;
  const found = (): Promise<Outcome<FramesRef>> => Promise.resolve({ ref, reused: true });
  await ledger.part('download', `download:${season}`, found, () => bytes);
  if (downloads) await ledger.part('unzip', `unzip:${season}`, found, () => entries);
  return { ref, reused: true, bytes, archiveReused: true, unzips: downloads };
}

async function downloadAndUnzip(
  ledger: Ledger,
  { catalog, season, unzip, keepArchives }: IngestInput,
): Promise<FoundFrames> {
  const archive = await ledger.part(
    'download',
    `download:${season}`,
    () =>
      transfers.downloadArchive.executeWithOptions(
        { activityId: `download:${season}`, summary: `Archive of ${season}` },
        [{ catalog, season, bytesPerSecond: ledger.control.bytesPerSecond }],
      ),
    ({ bytes }) => bytes,
  );
  const frames = await ledger.part(
    'unzip',
    `unzip:${season}`,
    () =>
      archives.unzipSeason.executeWithOptions({ activityId: `unzip:${season}`, summary: `Frames of ${season}` }, [
        { archive: archive.ref, unzip },
      ]),
    ({ summary }) => summary.entries,
  );
  if (!keepArchives) {
    const activityId = `discard:${season}`;
    await ledger.control.attempt({ step: 'unzip', part: activityId }, () =>
      archives.discardArchive.executeWithOptions(
        { activityId, summary: `Archive of ${season}, unpacked, is removed` },
        [{ archive: archive.ref, frames: frames.ref }],
      ),
    );
  }
  return { ...frames, bytes: archive.ref.bytes, archiveReused: archive.reused, unzips: true };
}

async function listAtMirrors(ledger: Ledger, { catalog, season }: IngestInput): Promise<FoundFrames> {
  const activityId = `list:${season}`;
  const frames = await ledger.part(
    'download',
    activityId,
    () =>
      transfers.listArchives.executeWithOptions({ activityId, summary: `Directory of ${season}` }, [
        { catalog, season },
      ]),
    ({ summary }) => summary.wireBytes,
  );
  return { ...frames, bytes: frames.ref.summary.wireBytes, archiveReused: frames.reused, unzips: false };
}
