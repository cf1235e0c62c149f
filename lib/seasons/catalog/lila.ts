import type { Catalog } from '../../contracts/catalog';

const SEASONS = Array.from({ length: 11 }, (_, i) => i + 1);

/** The competition's classes, alphabetical. */
const CLASSES =
  'aardvark aardwolf baboon bat batearedfox buffalo bushbuck caracal cattle cheetah civet dikdik duiker eland elephant ' +
  'empty gazellegrants gazellethomsons genet giraffe guineafowl hare hartebeest hippopotamus honeybadger hyenaspotted ' +
  'hyenastriped impala insectspider jackal koribustard leopard lionfemale lionmale mongoose monkeyvervet ostrich ' +
  'otherbird porcupine reedbuck reptiles rhinoceros rodents secretarybird serval steenbok topi vulture warthog ' +
  'waterbuck wildcat wildebeest zebra zorilla';

/**
 * Snapshot Serengeti as LILA BC publishes it: https://lila.science/datasets/snapshot-serengeti.
 *
 * Sizes are asked of the mirrors, never assumed; so is whether a season's archive is one file or several parts.
 */
export const LILA = {
  name: 'lila',
  description: 'Snapshot Serengeti, seasons 1 to 11: camera traps in Serengeti National Park, Tanzania',
  licence: 'CDLA-Permissive-1.0',
  citation:
    'Swanson AB, Kosmala M, Lintott CJ, Simpson RJ, Smith A, Packer C (2015): Snapshot Serengeti, high-frequency ' +
    'annotated camera trap images of 40 mammalian species in an African savanna. Scientific Data 2: 150026. ' +
    'https://doi.org/10.1038/sdata.2015.26',
  mirrors: [
    { name: 'gcp', url: 'https://storage.googleapis.com/public-datasets-lila/' },
    { name: 'azure', url: 'https://lilawildlife.blob.core.windows.net/lila-wildlife/' },
    { name: 'aws', url: 'http://us-west-2.opendata.source.coop.s3.amazonaws.com/agentmorris/lila-wildlife/' },
  ],
  classes: CLASSES.split(' '),
  emptyClass: 'empty',
  classMapping: {
    // The CSV exports' names
    blank: 'empty',
    birdother: 'otherbird',
    vervetmonkey: 'monkeyvervet',
    // Categories that are not among the competition's classes
    human: null,
    fire: null,
    hyenabrown: null,
    wilddog: null,
    kudu: null,
    pangolin: null,
    lioncub: null,
  },
  seasons: SEASONS.map((number) => {
    const digits = String(number).padStart(2, '0');
    return {
      id: `S${number}`,
      archives: [`snapshotserengeti-v-2-0/SnapshotSerengeti_S${digits}_v2_0.zip`],
      metadata: {
        format: 'coco-camera-traps',
        path: `snapshotserengeti-v-2-0/SnapshotSerengetiS${digits}.json.zip`,
      },
      frames: 'snapshotserengeti-unzipped',
    };
  }),
  // Two of the smaller seasons: all eleven are five terabytes.
  split: { train: ['S1'], validation: ['S3'] },
} as const satisfies DeepReadonly<Catalog>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
