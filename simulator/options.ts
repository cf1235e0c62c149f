import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseWith } from '../lib/contracts/validate';
import { SPECIES } from './plan/classes';

const share = z.number().min(0).max(1);
const seasonId = z.string().regex(/^S([1-9]|[1-9]\d)$/, 'must be "S" and a number from 1 to 99');

/** What `difficulty` 1 sets the options to that it stands for: seasons as hard as the worst of real ones. */
const HARDEST = { lateArrivals: 0.5, smallest: 0.02, vegetation: 1, wrongLabels: 0.1, newSites: 0.5 } as const;
/** What `difficulty` 0 sets them to: every animal is large, there from the first frame, and rightly labelled. */
const EASIEST = { lateArrivals: 0, smallest: 0.15, vegetation: 0, wrongLabels: 0, newSites: 0 } as const;

const simulationOptionsSchema = z
  .strictObject({
    /** Name of the catalog. @default 'sample' */
    name: z.string().default('sample'),
    /** Ids of the seasons, `S1` to `S99`. @default ['S1', 'S2', 'S3'] */
    seasons: z.array(seasonId).min(1).max(99).default(['S1', 'S2', 'S3']),
    /** Sequences a season. @default 220 */
    sequences: z.int().min(1).max(2_000_000).default(220),
    /** Camera sites in all; most of them occur in every season. @default 12 */
    sites: z.int().min(1).max(225).default(12),
    /** The first so many species of the list that begins with zebra, giraffe and elephant. @default 12 */
    species: z.int().min(1).max(SPECIES.length).default(12),
    /** From 0, all species equally often, to 1, as in Serengeti (four orders of magnitude apart). @default 0.3 */
    balance: share.default(0.3),
    /** Share of the sequences that show no animal. @default 0.75 */
    empties: share.default(0.75),
    /**
     * How hard it is to learn from the seasons: from 0, large animals and right labels, to 1, the worst of real seasons.
     * Sets those of the five options below that are not given, each on the way from its easiest to its hardest value.
     * @default 0
     */
    difficulty: share.default(0),
    /**
     * Share of the sequences with animals and several frames whose first frame shows none yet; in a third of them only
     * the last frame shows any. Their label stays, as it does in real seasons. @default 0, at difficulty 1: 0.5
     */
    lateArrivals: share.optional(),
    /**
     * Height of the smallest animals, as a share of the scene's height. By night none is farther away than the flash
     * reaches. @default 0.15, at difficulty 1: 0.02
     */
    smallest: z.number().min(0.02).max(0.5).optional(),
    /**
     * Plants that move between frames, whether there are animals or not: from 0, a few tufts of grass in a light breeze,
     * to 1, tall grass all over the ground in a strong wind. @default 0, at difficulty 1: 1
     */
    vegetation: share.optional(),
    /**
     * Share of the sequences with animals that are labelled wrongly in all metadata: one in three as empty, the others
     * as another species. @default 0, at difficulty 1: 0.1
     */
    wrongLabels: share.optional(),
    /** Share of a season's sites that no other season has, the test set's included. @default 0, at difficulty 1: 0.5 */
    newSites: share.optional(),
    /** Frame size in pixels, the info strip included. @default 1024 */
    width: z.int().min(64).max(4096).default(1024),
    /** @default 768 */
    height: z.int().min(48).max(4096).default(768),
    /** JPEG quality. @default 70 */
    quality: z.int().min(1).max(100).default(70),
    /** Source of all randomness. @default 1 */
    seed: z.int().min(0).max(0xffffffff).default(1),
    /**
     * Draw only about so many distinct frames, three at least of every sight by day and by night, and use their bytes
     * again under many names: seasons of 100,000 sequences in minutes. They stay in memory, and their info strip and
     * EXIF tell the time of the first use. @default every frame is drawn
     */
    sharedPool: z.int().min(1).max(100_000).optional(),
    /**
     * Sequences of the competition's test set, which belongs to no season of the catalog: `data/` as the execution
     * container sees it. @default 12
     */
    testSequences: z.int().min(0).max(100_000).default(12),
  })
  .refine(({ seasons }) => new Set(seasons).size === seasons.length, {
    path: ['seasons'],
    message: 'a season occurs twice',
  })
  .transform((options) => {
    const between = (easiest: number, hardest: number): number => easiest + (hardest - easiest) * options.difficulty;
    const chosen = {
      lateArrivals: options.lateArrivals ?? between(EASIEST.lateArrivals, HARDEST.lateArrivals),
      // Sizes are told apart by their ratio: half as large is as much harder at any size.
      smallest: options.smallest ?? EASIEST.smallest * (HARDEST.smallest / EASIEST.smallest) ** options.difficulty,
      vegetation: options.vegetation ?? between(EASIEST.vegetation, HARDEST.vegetation),
      wrongLabels: options.wrongLabels ?? between(EASIEST.wrongLabels, HARDEST.wrongLabels),
      newSites: options.newSites ?? between(EASIEST.newSites, HARDEST.newSites),
    };
    return { ...options, ...chosen };
  });

/** What a caller writes: every field optional. */
export type SimulationRequest = z.input<typeof simulationOptionsSchema>;
/** What the simulator works with: every default filled in. */
export type SimulationOptions = z.output<typeof simulationOptionsSchema>;

/** @throws SerengetiError INPUT_INVALID listing every problem */
export function simulationOptions(request: SimulationRequest): SimulationOptions {
  return parseWith(simulationOptionsSchema, request, 'INPUT_INVALID', 'Options of the simulation');
}

/** What `npm start` runs on: three seasons that are drawn in well under a minute. */
export const SAMPLE_OPTIONS: SimulationRequest = {};

/** Raised when the same options would give other bytes. */
export const SIMULATOR_VERSION = 4;

/** Names the bytes that the options lead to. */
export function optionsDigest(options: object): string {
  const text = JSON.stringify([SIMULATOR_VERSION, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(text).digest('hex');
}
