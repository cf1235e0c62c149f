import type { IngestInput, IngestResult, Outcome } from '../lib/contracts/run';
import type { FramesRef, MetadataRef } from '../lib/contracts/steps';
import type { Ledger } from './ledger';
import { beginNewHistory } from './newHistory';
import { answeringLedger } from './progress';
import { showing } from './supervise';

/**
 * Finds one season's metadata and frames, and makes its archives local where they are wanted. Shared by all runs that
 * need the season in the same way.
 */
export async function ingestSeason(input: IngestInput): Promise<IngestResult> {
  const ledger = answeringLedger(input.bytesPerSecond);
  const { control } = ledger;
  control.beginAnew = async () =>
    await beginNewHistory<typeof ingestSeason>({ ...input, bytesPerSecond: control.bytesPerSecond });
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
  const label = { id: `metadata:${season}`, summary: `Metadata of ${season}` };
  return ledger.make('downloadMetadata', label, { catalog, season });
}

async function findFrames(ledger: Ledger, input: IngestInput): Promise<FoundFrames> {
  const { season } = input;
  const label = { id: `survey:${season}`, summary: `What there is of ${season}` };
  const survey = await ledger.control.run('surveySeason', label, input);
  if (survey.frames !== undefined) return takeOver(ledger, survey.frames, survey.downloads);
  return survey.downloads ? await downloadAndUnzip(ledger, input) : await listAtMirrors(ledger, input);
}

/** What was made of the season before is all that is needed, whether or not its archives are still there. */
function takeOver(ledger: Ledger, ref: FramesRef, downloads: boolean): FoundFrames {
  const { archiveBytes, wireBytes, entries } = ref.summary;
  const bytes = downloads ? archiveBytes : wireBytes;
  ledger.found('download', ref, bytes);
  if (downloads) ledger.found('unzip', ref, entries);
  return { ref, reused: true, bytes, archiveReused: true, unzips: downloads };
}

async function downloadAndUnzip(
  ledger: Ledger,
  { catalog, season, frameSource, keepFetched }: IngestInput,
): Promise<FoundFrames> {
  const archive = await ledger.make(
    'downloadArchive',
    { id: `download:${season}`, summary: `Archive of ${season}` },
    { catalog, season },
  );
  const frames = await ledger.make(
    'unzipSeason',
    { id: `unzip:${season}`, summary: `Frames of ${season}` },
    { archive: archive.ref, frameSource },
  );
  if (keepFetched === false) {
    await ledger.control.run(
      'discardArchive',
      { id: `discard:${season}`, summary: `Archive of ${season}, unpacked, is removed` },
      { archive: archive.ref, frames: frames.ref },
    );
  }
  return { ...frames, bytes: archive.ref.bytes, archiveReused: archive.reused, unzips: true };
}

async function listAtMirrors(ledger: Ledger, { catalog, season }: IngestInput): Promise<FoundFrames> {
  const label = { id: `list:${season}`, summary: `Directory of ${season}` };
  const frames = await ledger.make('listArchives', label, { catalog, season });
  return { ...frames, bytes: frames.ref.summary.wireBytes, archiveReused: frames.reused, unzips: false };
}
