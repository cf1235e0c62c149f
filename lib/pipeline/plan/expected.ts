import { emptiesToKeep } from '../../metadata';
import { ofSeason, madeFrames, sumOf, type Made, type Planned, type PublishedSeason } from '../step';

/**
 * What to expect of frames that nothing is known of yet, from what is published of Snapshot Serengeti: the mean size of
 * season 4's frames, and frames a sequence over seasons 1 to 10.
 */
export const TYPICAL = { bytesAFrame: 747_569, framesASequence: 2.7 } as const;

/** Frames that features are computed of. */
export interface LookedAt {
  readonly train: number;
  readonly validation: number;
}

/** At most so many: without a pick, what caps by class leave out is not known. */
export function lookedAt({ seasons, made, split, input: { frames } }: Planned): LookedAt {
  const pick = made.pickFrames[0]?.summary;
  if (pick !== undefined) return { train: pick.trainFrames, validation: pick.validationFrames };
  const aSequence =
    frames.perSequence === 'all' ? TYPICAL.framesASequence : frames.perSequence === 'first' ? 1 : frames.perSequence;
  const capped = (sequences: number, cap: number | undefined): number =>
    Math.round(Math.min(sequences, cap ?? Infinity) * Math.min(aSequence, TYPICAL.framesASequence));
  const isTrain = ({ id }: PublishedSeason): boolean => split.trainSeasons.includes(id);
  const sequencesOf = (season: PublishedSeason): number =>
    ofSeason(made.indexSeason, season.id)?.summary.sequences ?? listedFrames(season, made) / TYPICAL.framesASequence;
  const kept = (season: PublishedSeason): number => {
    const empties = ofSeason(made.indexSeason, season.id)?.summary.empties ?? 0;
    const others = sequencesOf(season) - empties;
    return others + emptiesToKeep(frames.keepEmpties, empties, others);
  };
  const heldOut = seasons.filter((season) => !isTrain(season));
  return {
    train: capped(sumOf(seasons.filter(isTrain), kept), frames.maxTrain),
    validation: capped(sumOf(heldOut, sequencesOf), frames.maxValidation),
  };
}

/** Frames of a season, as far as they are known. */
export function listedFrames({ id, archives }: PublishedSeason, made: Made): number {
  return (
    ofSeason(made.indexSeason, id)?.summary.frames ??
    madeFrames(made, id)?.summary.entries ??
    Math.round((archives?.bytes ?? 0) / TYPICAL.bytesAFrame)
  );
}
