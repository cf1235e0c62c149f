import { formatCount } from '../contracts/format';
import type { RegisteredModel } from '../contracts/registry';
import type { ValidationSummary } from '../contracts/steps';

/** Whether a challenger becomes champion, and why. */
export interface Verdict {
  readonly promote: boolean;
  /** A sentence. */
  readonly reason: string;
}

/**
 * Why the two cannot be scored on the challenger's held-out frames, in a sentence; `undefined` when they can. A champion
 * that was trained on those seasons would only be remembering, and log losses over other classes are other measures.
 */
export function incomparable(
  challenger: Pick<RegisteredModel, 'name' | 'validationSeasons'> & { readonly classes: readonly string[] },
  champion: Pick<RegisteredModel, 'name' | 'trainSeasons'> & { readonly classes: readonly string[] },
): string | undefined {
  const seen = challenger.validationSeasons.filter((season) => champion.trainSeasons.includes(season));
  if (seen.length > 0) {
    return (
      `${champion.name} was trained on ${seen.join(', ')}, which ${challenger.name} is judged by: ` +
      'its score there would mean nothing.'
    );
  }
  const differs = (a: readonly string[], b: readonly string[]): string[] => a.filter((name) => !b.includes(name));
  const changed = [...differs(challenger.classes, champion.classes), ...differs(champion.classes, challenger.classes)];
  return changed.length === 0 ? undefined : `${champion.name} tells other classes apart: ${changed.join(', ')}.`;
}

/** The rule: the smaller log loss on the same held-out frames wins; the champion stays when they are equal. */
export function judge(
  challenger: { readonly name: string; readonly score: ValidationSummary },
  champion: { readonly name: string; readonly score: ValidationSummary },
): Verdict {
  const promote = challenger.score.logLoss < champion.score.logLoss;
  const [ours, theirs] = [challenger.score.logLoss, champion.score.logLoss].map((loss) => loss.toFixed(5));
  const frames = `the same ${formatCount(challenger.score.frames)} held-out frames`;
  return {
    promote,
    reason: promote
      ? `Log loss ${ours}, below ${theirs} of ${champion.name} on ${frames}.`
      : `Log loss ${ours}, not below ${theirs} of ${champion.name} on ${frames}.`,
  };
}
