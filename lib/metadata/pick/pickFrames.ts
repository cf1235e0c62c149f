import { join } from 'node:path';
import type { Catalog } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { Split } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { Crop } from '../../contracts/preprocessing';
import type { FrameOptions } from '../../contracts/runInput';
import type { PickSummary } from '../../contracts/steps';
import { writeFileAtomic } from '../../io/files';
import { Database } from '../database';
import { copyToCsv, copyToParquet } from '../parquet';
import { makeCandidates, type SeasonOnSide } from './candidates';
import { chooseFrames } from './chosenFrames';
import { checkNotEmpty, countPick } from './counts';
import { splitIntoLooks } from './looks';
import { applyRules } from './rules';

export const PICKED_FRAMES_FILE = 'frames.parquet';
export const SPLITS_FILE = 'splits.csv';
export const COUNTS_FILE = 'counts.json';

const STAGES = 4;

interface PickedRows {
  readonly table: string;
  readonly order: string;
}

const CHOSEN: PickedRows = { table: 'chosen', order: 'season, shard, sequence, rank' };
const LOOKS: PickedRows = { table: 'looks', order: `${CHOSEN.order}, box` };

export interface PickFramesInput {
  /** Indexes by season, at least of those that are picked from. */
  readonly indexes: readonly { readonly season: string; readonly directory: string }[];
  readonly catalog: Catalog;
  readonly trainSeasons: readonly string[];
  /** None of them a training season. */
  readonly validationSeasons: readonly string[];
  readonly options: FrameOptions;
  readonly seed: number;
  /** Each animal that was detected is then a look of its own. */
  readonly crop?: Crop | undefined;
  /** See `FRAMES_PER_SHARD`. */
  readonly framesPerShard?: number | undefined;
  /** Where `frames.parquet`, `splits.csv` and `counts.json` go. */
  readonly directory: string;
}

/**
 * Chooses which sequences are trained and validated on, and which frames stand for them. What is chosen in a season
 * depends on the seed and on that season, except where a cap counts all of them together. The same input gives the same
 * bytes.
 *
 * @throws SerengetiError INPUT_INVALID when a season is on both sides or has no index, PICK_EMPTY when nothing is left
 */
export async function pickFrames(input: PickFramesInput, work: WorkOptions = {}): Promise<PickSummary> {
  const { catalog, options, seed, crop, framesPerShard, directory } = input;
  const seasons = seasonsOf(input);
  const report = (done: number, note: string): void => work.onProgress?.({ done, total: STAGES, unit: 'steps', note });
  return await Database.use({ spill: directory, signal: work.signal }, async (database) => {
    report(0, 'Reading sequences');
    const shards = await makeCandidates(database, seasons, seed, framesPerShard);
    report(1, 'Picking sequences');
    await applyRules(database, options, catalog.emptyClass, seed);
    const counts = await countPick(database, catalog);
    checkNotEmpty(counts);
    report(2, 'Picking frames');
    await chooseFrames(
      database,
      seasons.map((season) => season.directory),
      options.perSequence,
    );
    if (crop !== undefined) await splitIntoLooks(database, seasons, crop.threshold);
    const rows = crop === undefined ? CHOSEN : LOOKS;
    report(3, 'Writing');
    await writePick(database, rows, directory);
    await writeFileAtomic(join(directory, COUNTS_FILE), `${JSON.stringify(counts, undefined, 2)}\n`);
    report(STAGES, 'Written');

    const frames = await countFrames(database, rows);
    const framesOf = (split: Split): number =>
      seasons
        .filter((season) => season.split === split)
        .reduce((sum, { season }) => sum + (frames.get(season) ?? 0), 0);
    return {
      trainSequences: counts.train.after,
      trainFrames: framesOf('train'),
      validationSequences: counts.validation.after,
      validationFrames: framesOf('validation'),
      keptEmpties: counts.samplingRates[catalog.emptyClass] ?? 1,
      sharedSites: counts.sharedSites.length,
      shards: seasons.map(({ season }) => ({
        season,
        shards: shards.get(season) ?? 0,
        frames: frames.get(season) ?? 0,
      })),
    };
  });
}

function seasonsOf({ indexes, trainSeasons, validationSeasons }: PickFramesInput): SeasonOnSide[] {
  const both = trainSeasons.filter((season) => validationSeasons.includes(season));
  if (both.length > 0) {
    throw new SerengetiError(
      'INPUT_INVALID',
      `A model is not validated on what it was trained on: ${both.join(', ')} cannot be on both sides`,
    );
  }
  const sides = [
    ...trainSeasons.map((season) => ({ season, split: 'train' as const })),
    ...validationSeasons.map((season) => ({ season, split: 'validation' as const })),
  ];
  return sides.map(({ season, split }) => {
    const index = indexes.find((candidate) => candidate.season === season);
    if (index === undefined) throw new SerengetiError('INPUT_INVALID', `There is no index of season ${season}`);
    return { season, split, directory: index.directory };
  });
}

async function writePick(database: Database, { table, order }: PickedRows, directory: string): Promise<void> {
  await copyToParquet(database, `SELECT * FROM ${table} ORDER BY ${order}`, join(directory, PICKED_FRAMES_FILE));
  await copyToCsv(
    database,
    `SELECT season, site, sequence, split, array_to_string(labels, ';') AS labels FROM candidates
     WHERE dropped IS NULL ORDER BY season, sequence`,
    join(directory, SPLITS_FILE),
  );
}

async function countFrames(database: Database, { table }: PickedRows): Promise<Map<string, number>> {
  const counts = await database.rows<{ season: string; frames: number }>(
    `SELECT season, count(*) AS frames FROM ${table} GROUP BY season`,
  );
  return new Map(counts.map(({ season, frames }) => [season, frames]));
}
