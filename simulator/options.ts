import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseWith } from '../lib/contracts/validate';
import { SPECIES } from './plan/classes';

const share = z.number().min(0).max(1);
const seasonId = z.string().regex(/^S([1-9]|[1-9]\d)$/, 'must be "S" and a number from 1 to 99');

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
    /** Compression of the frames' archives. LILA's are stored. @default 'stored' */
    method: z.enum(['stored', 'deflated']).default('stored'),
    /** Archives that a season is split into, named `…_part1.zip` and so on when there are several. @default 1 */
    parts: z.int().min(1).max(20).default(1),
    /** Also write the frames one by one, under `snapshotserengeti-unzipped/`. @default false */
    looseFrames: z.boolean().default(false),
    /**
     * Sequences of the competition's test set, which belongs to no season of the catalog: `data/` as the execution
     * container sees it. @default 12
     */
    testSequences: z.int().min(0).max(100_000).default(12),
  })
  .refine(({ seasons }) => new Set(seasons).size === seasons.length, {
    path: ['seasons'],
    message: 'a season occurs twice',
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
export const SIMULATOR_VERSION = 2;

/** Names the bytes that the options lead to. */
export function optionsDigest(options: object): string {
  const text = JSON.stringify([SIMULATOR_VERSION, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(text).digest('hex');
}
