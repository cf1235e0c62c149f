import type { ModelCard } from '../../contracts/model';

/**
 * The frames of a sequence that a model looks at: those that picking would take, see
 * {@link ModelCard.framesPerSequence}.
 *
 * @param frames - in the order in which they were taken, without any that cannot be read
 */
export function chooseFrames<T>(frames: readonly T[], howMany: ModelCard['framesPerSequence']): readonly T[] {
  const count = howMany === 'first' ? 1 : howMany;
  if (count === 'all' || count >= frames.length) return frames;
  if (count === 1) return frames.slice(0, 1);
  const last = frames.length - 1;
  return Array.from({ length: count }, (_, place) => frames[Math.floor((place * last) / (count - 1))]!);
}
