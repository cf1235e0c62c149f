import type { SpeciesName } from '../../plan/classes';
import type { Animal } from './animal';
import { BIRDS } from './birds';
import { elephant } from './elephant';
import { QUADRUPEDS, quadruped } from './quadruped';
import { bat, insectspider, reptiles } from './small';

const others: Partial<Record<SpeciesName, Animal>> = { ...BIRDS, elephant, bat, insectspider, reptiles };

/** How each species is drawn. */
export const ANIMALS = {
  ...others,
  ...Object.fromEntries(QUADRUPEDS.map((species) => [species, quadruped(species)])),
} as Readonly<Record<SpeciesName, Animal>>;
