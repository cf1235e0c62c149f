import type { RegisteredModel, RegistryState, Settlement } from '../contracts/registry';

/**
 * What is settled between a new model and the champion of its catalog, if anything is: by an attempt that was killed after
 * its entry, by an earlier run that made the same model, or by a person. A model that was champion before does not become
 * that again by being made again.
 */
export function settledBefore(
  { champions, promotions, defences }: RegistryState,
  { name, catalog }: RegisteredModel,
): Settlement | undefined {
  const champion = champions[catalog];
  const won = promotions.findLast(({ model }) => model === name);
  if (won !== undefined && champion === name) return won;
  const lost = promotions.findLast(({ replaced }) => replaced === name);
  if (lost !== undefined && champion !== undefined) {
    const reason = `${name} was champion before, until ${lost.model} took its place: ${lost.reason}`;
    return { at: lost.at, catalog, challenger: name, champion, reason };
  }
  return defences.find((defence) => defence.challenger === name && defence.champion === champion);
}
