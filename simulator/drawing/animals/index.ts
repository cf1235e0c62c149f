import type { SpeciesName } from '../../plan/classes';
import type { Animal } from './animal';
import { bushbuck, eland, hartebeest, reedbuck, topi, waterbuck } from './antelopes';
import { guineafowl, koribustard, ostrich, otherbird, secretarybird, vulture } from './birds';
import { aardvark, hare, porcupine, rodents } from './burrowers';
import { caracal, cheetah, leopard, lionfemale, lionmale, serval, wildcat } from './cats';
import { batearedfox, jackal } from './dogs';
import { dikdik, duiker, steenbok } from './dwarfAntelopes';
import { elephant } from './elephant';
import { bat, insectspider } from './flyers';
import { gazellegrants, gazellethomsons, impala } from './gazelles';
import { giraffe } from './giraffe';
import { hippopotamus } from './hippopotamus';
import { aardwolf, hyenaspotted, hyenastriped } from './hyenas';
import { baboon, monkeyvervet } from './monkeys';
import { honeybadger, zorilla } from './mustelids';
import { buffalo, cattle, wildebeest } from './oxen';
import { reptiles } from './reptiles';
import { rhinoceros } from './rhinoceros';
import { civet, genet, mongoose } from './viverrids';
import { warthog } from './warthog';
import { zebra } from './zebra';

/** How each species is drawn. */
export const ANIMALS: Readonly<Record<SpeciesName, Animal>> = {
  ...{ bushbuck, eland, hartebeest, reedbuck, topi, waterbuck, dikdik, duiker, steenbok },
  ...{ gazellegrants, gazellethomsons, impala, giraffe, zebra, buffalo, cattle, wildebeest, warthog },
  ...{ elephant, hippopotamus, rhinoceros },
  ...{ caracal, cheetah, leopard, lionfemale, lionmale, serval, wildcat, civet, genet, mongoose },
  ...{ aardwolf, hyenaspotted, hyenastriped, batearedfox, jackal, honeybadger, zorilla },
  ...{ baboon, monkeyvervet, aardvark, hare, porcupine, rodents, bat, insectspider, reptiles },
  ...{ guineafowl, koribustard, ostrich, otherbird, secretarybird, vulture },
};
