import { counted, formatCount, formatShare } from '../contracts/format';
import type { Comparison, RegisteredModel } from '../contracts/registry';
import type { PromotionOptions } from '../contracts/runInput';

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

/** From so many uses on, equal models would have won once with a probability of 1 − 0.975⁵ = 12 %. */
const MANY_USES = 5;

/**
 * The rule: the challenger wins when the 95 % interval of its log loss less the champion's, on the same held-out sequences,
 * lies below zero (below the margin, where it learned from more seasons), and it neither finds clearly fewer animals for as
 * many looks nor knows rare classes clearly worse.
 *
 * @param moreSeasons - of {@link seasonsMore}
 */
export function judge(
  comparison: Comparison,
  { margin, tolerance }: PromotionOptions,
  moreSeasons: readonly string[],
): Verdict {
  const { champion, challengerScore, championScore, difference, earlierUses } = comparison;
  const { value, low, high } = difference.logLoss;
  const beside =
    `Log loss ${nats(challengerScore.logLoss)} beside ${nats(championScore.logLoss)} of ${champion} on the same ` +
    `${formatCount(difference.sequences)} held-out sequences: a difference of ${signed(value)}, 95 % over ` +
    `${counted(difference.sites, 'site')}: ${signed(low)} to ${signed(high)}`;
  const isBetter = high < 0;
  const isAsGood = !isBetter && moreSeasons.length > 0 && high < margin;
  const lost = isBetter || isAsGood ? guarded(comparison, tolerance) : undefined;
  const grounds = isBetter
    ? ''
    : isAsGood
      ? `, not worse by ${nats(margin)}, and it also learned from ${moreSeasons.join(', ')}`
      : low > 0
        ? ': it is worse'
        : ', which may be chance';
  const used =
    earlierUses < MANY_USES
      ? ''
      : ` These held-out seasons have decided ${counted(earlierUses, 'comparison')} before: hold out a fresh season.`;
  return {
    promote: (isBetter || isAsGood) && lost === undefined,
    reason: `${beside}${grounds}${lost === undefined ? '' : `; but ${lost}`}.${used}`,
  };
}

/** Seasons that the challenger learned from beside all of the champion's; none where it did without one of these. */
export function seasonsMore(
  challenger: Pick<RegisteredModel, 'trainSeasons'>,
  champion: Pick<RegisteredModel, 'trainSeasons'>,
): string[] {
  const hasAll = champion.trainSeasons.every((season) => challenger.trainSeasons.includes(season));
  return hasAll ? challenger.trainSeasons.filter((season) => !champion.trainSeasons.includes(season)) : [];
}

/** What a smaller log loss must not be bought with, in words. */
function guarded({ challengerScore, championScore, difference }: Comparison, tolerance: number): string | undefined {
  const found = difference.animalsAmongAsMany;
  // Two standard errors of a share among so many sequences, at most: less is chance.
  const tolerated = Math.max(tolerance, 1 / Math.sqrt(difference.sequences));
  const guards: (readonly [text: string, ours: number | undefined, theirs: number | undefined])[] = [
    ['of the animals are among as many sequences', found?.second, found?.first],
    ['is the macro average precision', challengerScore.macroAveragePrecision, championScore.macroAveragePrecision],
  ];
  const fallen = guards.flatMap(([text, ours, theirs]) =>
    ours !== undefined && theirs !== undefined && ours < theirs - tolerated
      ? [`${formatShare(ours)} instead of ${formatShare(theirs)} ${text}`]
      : [],
  );
  return fallen.length === 0 ? undefined : fallen.join(', and ');
}

function nats(value: number): string {
  return value.toFixed(5);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${nats(Math.abs(value))}`;
}
