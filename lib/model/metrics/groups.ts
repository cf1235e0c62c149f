import type { GroupScore, SiteScore } from '../../contracts/validation';
import type { TableSequence } from '../features';
import { estimateMean } from './estimate';
import type { SequenceScores } from './scores';

/** Accuracy and log loss of each group of sequences, by name. */
export function scoreGroups(
  sequences: readonly TableSequence[],
  { correct, logLoss }: SequenceScores,
  groupOf: (sequence: TableSequence) => string,
): GroupScore[] {
  const sums = new Map<string, { sequences: number; correct: number; logLoss: number }>();
  sequences.forEach((sequence, position) => {
    const name = groupOf(sequence);
    const sum = sums.get(name) ?? { sequences: 0, correct: 0, logLoss: 0 };
    sum.sequences++;
    sum.correct += correct[position]!;
    sum.logLoss += logLoss[position]!;
    sums.set(name, sum);
  });
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sum]) => ({
      name,
      sequences: sum.sequences,
      accuracy: sum.correct / sum.sequences,
      logLoss: sum.logLoss / sum.sequences,
    }));
}

/**
 * Sequences at the sites that training saw, and at those that it did not.
 *
 * @param sites - number of each sequence's site
 * @param known - names of the sites that training saw
 */
export function scoreSites(
  sequences: readonly TableSequence[],
  { correct, logLoss }: SequenceScores,
  sites: Uint32Array,
  known: readonly string[],
): { readonly knownSites?: SiteScore; readonly newSites?: SiteScore } {
  const seen = new Set(known);
  const scoreOf = (wanted: boolean): SiteScore | undefined => {
    const counted = (sequence: number): boolean => seen.has(sequences[sequence]!.site) === wanted;
    const accuracy = estimateMean({ values: correct, sites, scale: 'share', counted });
    const loss = estimateMean({ values: logLoss, sites, scale: 'loss', counted });
    if (accuracy === undefined || loss === undefined) return undefined;
    const members = sequences.filter((_, sequence) => counted(sequence));
    return {
      sites: new Set(members.map(({ site }) => site)).size,
      sequences: members.length,
      accuracy,
      logLoss: loss,
    };
  };
  const [knownSites, newSites] = [scoreOf(true), scoreOf(false)];
  return { ...(knownSites && { knownSites }), ...(newSites && { newSites }) };
}
