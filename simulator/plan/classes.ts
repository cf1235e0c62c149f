/** The competition's 54 classes in the order of its columns. */
export const CLASSES = [
  'aardvark',
  'aardwolf',
  'baboon',
  'bat',
  'batearedfox',
  'buffalo',
  'bushbuck',
  'caracal',
  'cattle',
  'cheetah',
  'civet',
  'dikdik',
  'duiker',
  'eland',
  'elephant',
  'empty',
  'gazellegrants',
  'gazellethomsons',
  'genet',
  'giraffe',
  'guineafowl',
  'hare',
  'hartebeest',
  'hippopotamus',
  'honeybadger',
  'hyenaspotted',
  'hyenastriped',
  'impala',
  'insectspider',
  'jackal',
  'koribustard',
  'leopard',
  'lionfemale',
  'lionmale',
  'mongoose',
  'monkeyvervet',
  'ostrich',
  'otherbird',
  'porcupine',
  'reedbuck',
  'reptiles',
  'rhinoceros',
  'rodents',
  'secretarybird',
  'serval',
  'steenbok',
  'topi',
  'vulture',
  'warthog',
  'waterbuck',
  'wildcat',
  'wildebeest',
  'zebra',
  'zorilla',
] as const;

export type ClassName = (typeof CLASSES)[number];
/** A class that can be drawn: all but `empty`. */
export type SpeciesName = Exclude<ClassName, 'empty'>;

/** Categories that LILA's metadata have beyond the competition's classes. */
export const UNCLASSED = ['human', 'fire', 'hyenabrown', 'wilddog', 'kudu', 'pangolin', 'lioncub'] as const;

/** LILA's labels that the competition calls otherwise, and those that it leaves out. */
export const CLASS_MAPPING: Readonly<Record<string, ClassName | null>> = {
  blank: 'empty',
  birdother: 'otherbird',
  vervetmonkey: 'monkeyvervet',
  ...Object.fromEntries(UNCLASSED.map((name) => [name, null])),
};

interface Occurrence {
  /** Share among the sequences with animals, at natural balance, in arbitrary units. */
  readonly frequency: number;
  /** How much of its activity falls into the night, from 0 to 1. */
  readonly nocturnal: number;
  /** Largest group in front of the camera. */
  readonly group: number;
}

/**
 * Who lives here, the best-known first: a simulation with n species has the first n. Frequencies are rough figures for
 * Serengeti, spread over four orders of magnitude like the real ones.
 */
export const OCCURRENCE: Readonly<Record<SpeciesName, Occurrence>> = {
  zebra: { frequency: 150, nocturnal: 0.25, group: 4 },
  giraffe: { frequency: 35, nocturnal: 0.15, group: 2 },
  elephant: { frequency: 50, nocturnal: 0.3, group: 3 },
  wildebeest: { frequency: 240, nocturnal: 0.25, group: 5 },
  gazellethomsons: { frequency: 220, nocturnal: 0.2, group: 5 },
  lionfemale: { frequency: 13, nocturnal: 0.55, group: 3 },
  buffalo: { frequency: 64, nocturnal: 0.4, group: 3 },
  hippopotamus: { frequency: 15, nocturnal: 0.85, group: 1 },
  warthog: { frequency: 26, nocturnal: 0.05, group: 3 },
  hyenaspotted: { frequency: 18, nocturnal: 0.75, group: 2 },
  ostrich: { frequency: 3, nocturnal: 0.05, group: 2 },
  guineafowl: { frequency: 32, nocturnal: 0.02, group: 5 },
  lionmale: { frequency: 4.5, nocturnal: 0.55, group: 1 },
  impala: { frequency: 35, nocturnal: 0.2, group: 4 },
  baboon: { frequency: 9, nocturnal: 0.02, group: 3 },
  rhinoceros: { frequency: 0.4, nocturnal: 0.6, group: 1 },
  hartebeest: { frequency: 40, nocturnal: 0.2, group: 3 },
  gazellegrants: { frequency: 25, nocturnal: 0.2, group: 3 },
  otherbird: { frequency: 20, nocturnal: 0.03, group: 2 },
  eland: { frequency: 10, nocturnal: 0.3, group: 3 },
  topi: { frequency: 9, nocturnal: 0.2, group: 3 },
  reedbuck: { frequency: 8, nocturnal: 0.5, group: 1 },
  cheetah: { frequency: 6, nocturnal: 0.15, group: 2 },
  dikdik: { frequency: 5, nocturnal: 0.4, group: 2 },
  mongoose: { frequency: 3.5, nocturnal: 0.2, group: 3 },
  koribustard: { frequency: 3.4, nocturnal: 0.02, group: 1 },
  hare: { frequency: 3, nocturnal: 0.95, group: 1 },
  jackal: { frequency: 3, nocturnal: 0.5, group: 2 },
  secretarybird: { frequency: 2.4, nocturnal: 0.02, group: 1 },
  serval: { frequency: 2, nocturnal: 0.7, group: 1 },
  leopard: { frequency: 1.2, nocturnal: 0.75, group: 1 },
  waterbuck: { frequency: 1.4, nocturnal: 0.3, group: 2 },
  vulture: { frequency: 1.2, nocturnal: 0.02, group: 3 },
  monkeyvervet: { frequency: 1.1, nocturnal: 0.02, group: 2 },
  aardvark: { frequency: 1, nocturnal: 1, group: 1 },
  porcupine: { frequency: 1, nocturnal: 1, group: 1 },
  batearedfox: { frequency: 0.9, nocturnal: 0.85, group: 2 },
  aardwolf: { frequency: 0.8, nocturnal: 0.95, group: 1 },
  insectspider: { frequency: 0.8, nocturnal: 0.5, group: 1 },
  reptiles: { frequency: 0.7, nocturnal: 0.1, group: 1 },
  bushbuck: { frequency: 0.6, nocturnal: 0.5, group: 1 },
  cattle: { frequency: 0.6, nocturnal: 0.05, group: 4 },
  hyenastriped: { frequency: 0.5, nocturnal: 0.95, group: 1 },
  civet: { frequency: 0.4, nocturnal: 0.98, group: 1 },
  duiker: { frequency: 0.3, nocturnal: 0.4, group: 1 },
  steenbok: { frequency: 0.3, nocturnal: 0.3, group: 1 },
  honeybadger: { frequency: 0.3, nocturnal: 0.8, group: 1 },
  rodents: { frequency: 0.3, nocturnal: 0.85, group: 1 },
  caracal: { frequency: 0.25, nocturnal: 0.6, group: 1 },
  wildcat: { frequency: 0.2, nocturnal: 0.8, group: 1 },
  genet: { frequency: 0.2, nocturnal: 0.98, group: 1 },
  bat: { frequency: 0.15, nocturnal: 1, group: 1 },
  zorilla: { frequency: 0.04, nocturnal: 0.98, group: 1 },
};

export const SPECIES = Object.keys(OCCURRENCE) as readonly SpeciesName[];
