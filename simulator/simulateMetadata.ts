import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import type { WorkOptions } from '../lib/contracts/progress';
import { parseWith } from '../lib/contracts/validate';
import { optionsDigest } from './options';
import { SPECIES } from './plan/classes';
import { metadataPath } from './plan/names';
import { planSeason, SHARE_WITH_PEOPLE, type SeasonOptions } from './plan/sequences';
import type { PlannedSeason } from './publishing/competitionCsv';
import { TRAIN_FILES, writeSeasonMetadata, writeTrainTables } from './publishing/tables';
import { begin, finish, isFinished } from './stamp';

/** Sequences of the seasons that LILA publishes. */
const PUBLISHED_SEASONS: readonly (readonly [id: string, sequences: number])[] = [
  ['S1', 146_269],
  ['S2', 202_263],
  ['S3', 145_873],
  ['S4', 199_474],
  ['S5', 309_439],
  ['S6', 171_469],
  ['S7', 302_563],
  ['S8', 357_852],
  ['S9', 367_480],
  ['S10', 252_015],
];

const metadataOptionsSchema = z.strictObject({
  /** Ids of the seasons and their sequences without people. @default S1 to S10 at their real lengths: 2.45 million sequences */
  seasons: z
    .array(
      z.tuple([
        z.string().regex(/^S[1-9]\d?$/, 'must be "S" and a number from 1 to 99'),
        z.int().min(1).max(1_000_000),
      ]),
    )
    .min(1)
    .default(PUBLISHED_SEASONS.map(([id, sequences]) => [id, sequences])),
  /** The competition's two CSVs. @default true */
  csv: z.boolean().default(true),
  /** A `…json.zip` a season. @default true */
  json: z.boolean().default(true),
  /** @default 1 */
  seed: z.int().min(0).max(0xffffffff).default(1),
});

export type MetadataRequest = z.input<typeof metadataOptionsSchema>;

/** Relative paths of the files. */
export interface SimulatedMetadata {
  readonly directory: string;
  readonly files: readonly string[];
  readonly reused: boolean;
}

/** All of Serengeti: every site, every class, at natural balance. */
const EVERYTHING: Omit<SeasonOptions, 'seed'> = {
  sites: 225,
  species: SPECIES.length,
  balance: 1,
  empties: 0.75,
  wrongLabels: 0,
  newSites: 0,
};
const SIZE = { width: 2048, height: 1536 };

/**
 * Writes metadata alone, as large as the real ones, for measuring what reads them. Streamed; the same options give the
 * same bytes; finished files stay when it is called again.
 *
 * Progress counts files' seasons as steps.
 *
 * @throws SerengetiError INPUT_INVALID, DISK_FULL
 */
export async function simulateMetadata(
  directory: string,
  request: MetadataRequest = {},
  { signal, onProgress }: WorkOptions = {},
): Promise<SimulatedMetadata> {
  const options = parseWith(metadataOptionsSchema, request, 'INPUT_INVALID', 'Options of the simulated metadata');
  const digest = optionsDigest(options);
  const files = [
    ...(options.csv ? TRAIN_FILES : []),
    ...(options.json ? options.seasons.map(([id]) => metadataPath(id)) : []),
  ];
  if (await isFinished(directory, digest)) return { directory, files, reused: true };

  const stamp = { digest, options, outputs: files };
  await mkdir(directory, { recursive: true });
  await begin(directory, stamp);
  const planning = { ...EVERYTHING, seed: options.seed };
  const seasons = options.seasons.map(([id, sequences]): PlannedSeason => ({
    id,
    plans: planSeason(id, withPeople(sequences), planning),
  }));
  const total = (options.csv ? 1 : 0) + (options.json ? seasons.length : 0);
  let done = 0;
  const tick = (note: string): void => onProgress?.({ done: ++done, total, unit: 'steps', note });
  if (options.csv) {
    await writeTrainTables(directory, seasons, signal);
    tick('CSV');
  }
  if (options.json) {
    for (const season of seasons) {
      await writeSeasonMetadata(directory, season, SIZE, digest, signal);
      tick(season.id);
    }
  }
  await finish(directory, stamp);
  return { directory, files, reused: false };
}

/** So many sequences that so many remain when those that show people are left out. */
function withPeople(sequences: number): number {
  return Math.round(sequences / (1 - SHARE_WITH_PEOPLE));
}
