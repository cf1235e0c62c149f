import { SerengetiError } from '../../contracts/errors';
import type { PairedDifference } from '../../contracts/validation';
import { estimateMean, siteNumbers, type Scale } from './estimate';
import { animalAnswered } from './scores';
import type { SequenceResult } from './sequencesFile';

/**
 * How two models differ on the same sequences: means of the differences a sequence, with intervals over sites. What both
 * find hard falls out, so that this tells more than two intervals side by side.
 *
 * @throws SerengetiError ARTIFACT_CORRUPT where the two are not of the same sequences
 */
export function pairedDifference(
  first: readonly SequenceResult[],
  second: readonly SequenceResult[],
): PairedDifference {
  const keyOf = ({ season, sequence }: SequenceResult): string => `${season}\n${sequence}`;
  const others = new Map(second.map((result) => [keyOf(result), result]));
  const pairs = first.map((one): [SequenceResult, SequenceResult] => {
    const other = others.get(keyOf(one));
    if (other !== undefined && first.length === second.length) return [one, other];
    throw new SerengetiError(
      'ARTIFACT_CORRUPT',
      `Two validations of one pick have other sequences: ${first.length} and ${second.length}, ${one.season} ${one.sequence} in the first`,
    );
  });
  const paired = pairs.map(([, other]) => other);
  const sites = siteNumbers(first.map(({ site }) => site));
  const scale: Scale = 'difference';
  const difference = (of: (result: SequenceResult) => number, counted?: (sequence: number) => boolean) =>
    estimateMean({
      values: pairs.map(([one, other]) => of(other) - of(one)),
      sites,
      scale,
      ...(counted && { counted }),
    });
  const animalRecall = difference(
    ({ found }) => Number(found),
    (sequence) => first[sequence]!.found !== undefined,
  );
  const animals = first.filter(({ found }) => found !== undefined).length;
  const called = first.filter(({ animal }) => animalAnswered(animal)).length;
  return {
    sequences: first.length,
    sites: new Set(sites).size,
    logLoss: difference(({ logLoss }) => logLoss)!,
    accuracy: difference(({ right }) => Number(right))!,
    ...(animalRecall && { animalRecall }),
    ...(animals > 0 && {
      animalsAmongAsMany: {
        first: animalsAmong(first, called) / animals,
        second: animalsAmong(paired, called) / animals,
      },
    }),
  };
}

/** Animals among the so many sequences that are most likely to show one. */
function animalsAmong(results: readonly SequenceResult[], count: number): number {
  const surest = [...results].sort((a, b) => b.animal - a.animal).slice(0, count);
  return surest.filter(({ found }) => found !== undefined).length;
}
