import type { ArtifactRef } from '../../contracts/artifact';
import { forcedSteps, isToDo, type PlannedStep, type RunPlan } from '../../contracts/plan';
import type { RunInput } from '../../contracts/runInput';
import type { CatalogSummary, PickSummary, StepName } from '../../contracts/steps';
import type { FoundSeason, Made } from './made';
import type { Rates } from './rates';

/**
 * What to expect of frames that nothing is known of yet, from what is published of Snapshot Serengeti: the mean size of
 * season 4's frames, and frames a sequence over seasons 1 to 10.
 */
const TYPICAL = { bytesAFrame: 747_569, framesASequence: 2.7 } as const;
const BYTES_A_FLOAT = 4;
/** Width of EfficientNet-Lite0's features, where no backbone is frozen yet. */
const TYPICAL_WIDTH = 1280;

export interface EstimateInput {
  readonly made: Made;
  readonly rates: Rates;
  readonly input: RunInput;
  readonly seasons: Pick<CatalogSummary, 'trainSeasons' | 'validationSeasons'>;
}

/** What a run would do and need, from what is there and how fast things went before. */
export function estimate({ made, rates, input, seasons }: EstimateInput): RunPlan {
  const { trainSeasons, validationSeasons } = seasons;
  const steps = planSteps(withoutForced(made, input.force), trainSeasons, input, rates);
  const toDo = steps.filter(isToDo);
  const sum = (figure: (step: PlannedStep) => number | undefined): number => sumOf(toDo, (step) => figure(step) ?? 0);
  return {
    trainSeasons,
    validationSeasons,
    steps,
    fetchBytes: sum(({ fetchBytes }) => fetchBytes),
    diskBytes: sum(({ diskBytes }) => diskBytes),
    seconds: sum(({ seconds }) => seconds),
    unknownSeconds: toDo.filter(({ seconds }) => seconds === undefined).map(({ step }) => step),
  };
}

/** What is left when the forced steps, and all behind them, are taken away. */
function withoutForced(made: Made, force: RunInput['force']): Made {
  const forced = forcedSteps(force);
  const keep = <T>(step: StepName, value: T): T | undefined => (forced.includes(step) ? undefined : value);
  return {
    seasons: made.seasons.map((season) => ({
      ...season,
      metadata: keep('download', season.metadata),
      archive: keep('download', season.archive),
      frames: keep('unzip', season.frames),
      index: keep('index', season.index),
    })),
    pick: keep('pick', made.pick),
    backbone: keep('features', made.backbone),
    features: keep('features', made.features) ?? new Map<string, never>(),
    model: keep('train', made.model),
    validation: keep('validate', made.validation),
    submission: keep('package', made.submission),
  };
}

function planSteps(made: Made, trainSeasons: readonly string[], input: RunInput, rates: Rates): PlannedStep[] {
  const { seasons, pick, backbone, features } = made;
  const looked = pick === undefined ? expectedFrames(made, trainSeasons, input) : pickedFrames(pick.summary);
  const listed = sumOf(seasons, listedFrames);
  const shards = pick?.summary.shards.reduce((sum, { shards: count }) => sum + count, 0) ?? 0;
  const featuresThere = [...features.values()].flat();
  const featureFrames = looked.train + looked.validation - sumOf(featuresThere, framesOf);
  const width = backbone?.summary.featureWidth ?? TYPICAL_WIDTH;
  const single = (step: StepName, ref: object | undefined, amount: Partial<PlannedStep>): PlannedStep => ({
    step,
    reused: ref === undefined ? 0 : 1,
    parts: 1,
    ...amount,
  });
  return [
    { step: 'catalog', reused: 1, parts: 1 },
    planDownload(seasons, looked, input, rates),
    ...planUnzip(seasons, input, rates),
    {
      step: 'index',
      reused: seasons.filter(({ index }) => index !== undefined).length,
      parts: seasons.length,
      ...timed(
        sumOf(
          seasons.filter(({ index }) => index === undefined),
          listedFrames,
        ),
        rates.indexFrames,
      ),
    },
    single('pick', pick, timed(listed, rates.pickFrames)),
    {
      step: 'features',
      reused: featuresThere.length,
      parts: shards,
      frames: featureFrames,
      diskBytes: featureFrames * width * BYTES_A_FLOAT,
      ...timed(featureFrames, rates.featureFrames),
    },
    single('train', made.model, {
      frames: looked.train,
      ...timed(looked.train * input.training.epochs, rates.trainFrameEpochs),
    }),
    single('validate', made.validation, {
      frames: looked.validation,
      ...timed(looked.validation, rates.validateFrames),
    }),
    single('package', made.submission, timed(1, rates.packages)),
  ];
}

/** Frames that extracted, or whose features exist, need no archive any more. */
function planDownload(
  seasons: readonly FoundSeason[],
  looked: LookedAt,
  { acquire }: RunInput,
  rates: Rates,
): PlannedStep {
  const metadataBytes = sumOf(
    seasons.filter(({ metadata }) => metadata === undefined),
    (season) => season.metadataBytes,
  );
  const archives = seasons.filter(({ downloads }) => downloads);
  const missing = archives.filter(({ archive, frames }) => archive === undefined && frames === undefined);
  const archiveBytes = sumOf(missing, (season) => season.archiveBytes);
  // Where frames are fetched one by one, those that features exist of are known only when the run comes to them.
  const frameBytes = acquire === 'frames' ? (looked.train + looked.validation) * TYPICAL.bytesAFrame : 0;
  const fetchBytes = metadataBytes + archiveBytes + frameBytes;
  return {
    step: 'download',
    reused: seasons.filter(({ metadata }) => metadata !== undefined).length + archives.length - missing.length,
    parts: seasons.length + archives.length,
    fetchBytes,
    diskBytes: metadataBytes + archiveBytes,
    ...timed(fetchBytes, rates.downloadBytes),
  };
}

function planUnzip(seasons: readonly FoundSeason[], { unzip }: RunInput, rates: Rates): PlannedStep[] {
  const archives = seasons.filter(({ downloads }) => downloads);
  if (archives.length === 0) return [];
  const missing = archives.filter(({ frames }) => frames === undefined);
  const bytes = sumOf(missing, ({ archiveBytes }) => archiveBytes);
  return [
    {
      step: 'unzip',
      reused: archives.length - missing.length,
      parts: archives.length,
      diskBytes: unzip === 'extract' ? bytes : 0,
      ...timed(bytes, rates.unzipBytes),
    },
  ];
}

/** Frames that features are computed of. */
interface LookedAt {
  readonly train: number;
  readonly validation: number;
}

function pickedFrames({ trainFrames, validationFrames }: PickSummary): LookedAt {
  return { train: trainFrames, validation: validationFrames };
}

/** At most so many: without a pick, what caps by class leave out is not known. */
function expectedFrames({ seasons }: Made, trainSeasons: readonly string[], { frames }: RunInput): LookedAt {
  const aSequence =
    frames.perSequence === 'all' ? TYPICAL.framesASequence : frames.perSequence === 'first' ? 1 : frames.perSequence;
  const capped = (sequences: number, cap: number | undefined): number =>
    Math.round(Math.min(sequences, cap ?? Infinity) * Math.min(aSequence, TYPICAL.framesASequence));
  const isTrain = ({ id }: FoundSeason): boolean => trainSeasons.includes(id);
  const kept = (season: FoundSeason): number =>
    sequencesOf(season) - (season.index?.summary.empties ?? 0) * (1 - frames.keepEmpties);
  return {
    train: capped(sumOf(seasons.filter(isTrain), kept), frames.maxTrain),
    validation: capped(
      sumOf(
        seasons.filter((season) => !isTrain(season)),
        sequencesOf,
      ),
      frames.maxValidation,
    ),
  };
}

function listedFrames({ index, frames, archiveBytes }: FoundSeason): number {
  return index?.summary.frames ?? frames?.summary.entries ?? Math.round(archiveBytes / TYPICAL.bytesAFrame);
}

function sequencesOf(season: FoundSeason): number {
  return season.index?.summary.sequences ?? listedFrames(season) / TYPICAL.framesASequence;
}

function framesOf({ summary }: ArtifactRef): number {
  return Number(summary.frames);
}

function timed(amount: number, perSecond: number | undefined): { readonly seconds?: number } {
  return perSecond === undefined ? {} : { seconds: amount / perSecond };
}

function sumOf<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}
