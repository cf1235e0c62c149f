import type { SpeciesName } from '../../plan/classes';
import type { Animal } from './animal';
import { guineafowl, koribustard, ostrich, otherbird, secretarybird, vulture } from './birds';
import * as carnivores from './carnivores';
import { elephant, hippopotamus, rhinoceros } from './giants';
import { aardvark, baboon, bat, hare, insectspider, monkeyvervet, porcupine, reptiles } from './others';
import * as ungulates from './ungulates';

/** How each species is drawn. */
export const ANIMALS: Readonly<Record<SpeciesName, Animal>> = {
  ...ungulates,
  ...carnivores,
  ...{ elephant, hippopotamus, rhinoceros },
  ...{ guineafowl, koribustard, ostrich, otherbird, secretarybird, vulture },
  ...{ aardvark, baboon, bat, hare, insectspider, monkeyvervet, porcupine, reptiles },
};
