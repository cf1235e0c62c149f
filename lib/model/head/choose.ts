import type { CandidateScore, HeadChoice } from '../../contracts/model';
import type { WorkOptions } from '../../contracts/progress';
import type { Candidate, CrossValidation } from './crossValidation';
import type { Folds } from './folds';
import { lossesOf, meanOver, type LeftOut } from './leftOut';

/** Penalties from the strongest to the weakest that is considered; heads begin where the one before ended. */
const PENALTIES = [3000, 1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1];
/** Whitened features are penalised at most so many times as strongly as suits them as they are. */
const STRONGER_WHITENED = 10;
/** After so many weaker penalties in a row that were no better, none is tried. */
const PATIENCE = 2;
/** The hidden layer that is tried: the tutorial's. */
const HIDDEN = [256];
/** With fewer sequences a hidden layer has nothing to find. */
const FEWEST_FOR_HIDDEN = 500;
/** How much less than without it a hidden layer is held back. */
const LESS_PENALTY = [1, 3, 10];

/** What cross-validation decided, and the answers that it was decided by. */
export interface Choice {
  readonly summary: Omit<HeadChoice, 'leftOut' | 'calibration'>;
  readonly chosen: Candidate;
  readonly leftOut: LeftOut;
}

interface Tried extends CandidateScore {
  readonly leftOut: LeftOut;
  readonly losses: Float64Array;
}

/**
 * Chooses a candidate by its log loss on what it did not learn from, at the balance that it learns at: a few sequences
 * that stand for many would decide alone. The least loss decides among penalties, without a margin for those that hold
 * back more (Breiman, Friedman, Olshen, Stone 1984, section 3.4.3, have one): on most real sets, margins of a quarter to a
 * whole standard error of the difference cost log loss on the held-out season. A hidden layer has to be better by more than
 * the standard error of the difference.
 */
export async function chooseHead(
  validation: Pick<CrossValidation, 'leaveOut'>,
  folds: Pick<Folds, 'count' | 'by' | 'groupOf'>,
  work: WorkOptions,
): Promise<Choice> {
  const tried: Tried[] = [];
  const attempt = async (candidate: Candidate) => {
    const leftOut = await validation.leaveOut(candidate, tried.length, work);
    const losses = lossesOf({ probabilities: leftOut.pooled, truth: leftOut.truth });
    const { value: logLoss, standardError } = meanOver(losses, groupsOf(leftOut, folds));
    tried.push({ ...candidate, logLoss, standardError, leftOut, losses });
  };
  /** From the strongest penalty on, until weaker ones are no better. */
  const descend = async (kind: Omit<Candidate, 'penalty'>, strongest = Infinity) => {
    const before = tried.length;
    for (const penalty of PENALTIES.filter((other) => other <= strongest)) {
      await attempt({ ...kind, penalty });
      if (isPastBest(tried.slice(before))) break;
    }
  };
  await descend({ hidden: [], whitened: false });
  await descend({ hidden: [], whitened: true }, STRONGER_WHITENED * bestOf(tried).penalty);
  let chosen = bestOf(tried);
  if (chosen.leftOut.sequences.length >= FEWEST_FOR_HIDDEN) {
    for (const less of LESS_PENALTY)
      await attempt({ hidden: HIDDEN, whitened: chosen.whitened, penalty: chosen.penalty / less });
    const hidden = bestOf(tried.filter((candidate) => candidate.hidden.length > 0));
    if (isBetter(hidden, chosen, folds)) chosen = hidden;
  }
  return {
    summary: {
      folds: folds.count,
      by: folds.by,
      candidates: tried.map(({ hidden, whitened, penalty, logLoss, standardError }) => ({
        hidden,
        whitened,
        penalty,
        logLoss,
        standardError,
      })),
      chosen: tried.indexOf(chosen),
    },
    chosen: { hidden: chosen.hidden, whitened: chosen.whitened, penalty: chosen.penalty },
    leftOut: chosen.leftOut,
  };
}

function isPastBest(tried: readonly Tried[]): boolean {
  const best = tried.indexOf(bestOf(tried));
  return tried.length - 1 - best >= PATIENCE;
}

function bestOf(tried: readonly Tried[]): Tried {
  return tried.reduce((best, other) => (other.logLoss < best.logLoss ? other : best));
}

/** Whether the difference is more than its standard error. */
function isBetter(one: Tried, other: Tried, folds: Pick<Folds, 'groupOf'>): boolean {
  const differences = one.losses.map((loss, i) => loss - other.losses[i]!);
  const { value, standardError } = meanOver(differences, groupsOf(one.leftOut, folds));
  return value < -standardError;
}

function groupsOf({ sequences }: LeftOut, { groupOf }: Pick<Folds, 'groupOf'>): string[] {
  return sequences.map((sequence) => groupOf(sequence));
}
