import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../lib/contracts/catalog';
import type { WorkOptions } from '../lib/contracts/progress';
import { writeFileAtomic } from '../lib/io/files';
import { frameSource } from './drawing/frames';
import { optionsDigest, simulationOptions, type SimulationOptions, type SimulationRequest } from './options';
import { archivePath, metadataPath } from './plan/names';
import { planSeason, sequencesOf } from './plan/sequences';
import { simulatedCatalog } from './publishing/catalogFile';
import type { PlannedSeason } from './publishing/competitionCsv';
import { archivedFrames, writeSeasonArchive } from './publishing/seasonArchive';
import { TRAIN_FILES, writeSeasonMetadata, writeTrainTables } from './publishing/tables';
import { TEST_FILES, TEST_FOLDER, writeTestData } from './publishing/testData';
import { begin, finish, isFinished } from './stamp';

/** What a simulation left in its folder. */
export interface Simulation {
  readonly directory: string;
  /** With the files beside it as its one mirror: `./`. */
  readonly catalog: Catalog;
  readonly catalogPath: string;
  readonly seasons: readonly SimulatedSeason[];
  /** The execution container's `data/`: test frames, flat, with their two CSVs. Absent without test sequences. */
  readonly testData: string | undefined;
  /** Frames in all archives and in the test data. */
  readonly frames: number;
  /** Everything was there already. */
  readonly reused: boolean;
}

export interface SimulatedSeason {
  readonly id: string;
  readonly sequences: number;
  /** Frames in the archives. */
  readonly frames: number;
  /** Frames in the metadata and not in the archives: they show people. */
  readonly missingFrames: number;
  /** Relative paths. */
  readonly archives: readonly string[];
  readonly metadata: string;
}

const CATALOG_FILE = 'catalog.json';

/**
 * Draws seasons of a small Serengeti and writes them in LILA's layout, with the competition's CSVs and a catalog. The
 * same options give the same bytes. A finished simulation is used as it is, a stopped one gone on with; whatever another
 * simulation left in the folder is removed first.
 *
 * Progress counts frames.
 *
 * @throws SerengetiError INPUT_INVALID, DISK_FULL
 */
export async function simulateCatalog(
  directory: string,
  request: SimulationRequest = {},
  { signal, onProgress }: WorkOptions = {},
): Promise<Simulation> {
  const options = simulationOptions(request);
  const digest = optionsDigest(options);
  const plan = planAll(options);
  if (await isFinished(directory, digest)) {
    onProgress?.({ done: plan.frames, total: plan.frames, unit: 'frames', reused: plan.frames });
    return describe(directory, options, plan, true);
  }

  const stamp = { digest, options, outputs: outputsOf(options) };
  await mkdir(directory, { recursive: true });
  await begin(directory, stamp);
  const draw = frameSource(options);
  const onFrames = counter(plan.frames, onProgress);
  for (const season of plan.seasons) {
    await writeSeasonArchive({ directory, season, digest, draw }, signal, onFrames);
  }
  if (plan.test !== undefined) await writeTestData(directory, plan.test, draw, signal, onFrames);
  for (const season of plan.seasons) await writeSeasonMetadata(directory, season, options, digest, signal);
  await writeTrainTables(directory, plan.seasons, signal);
  await writeFileAtomic(join(directory, CATALOG_FILE), `${JSON.stringify(simulatedCatalog(options), undefined, 2)}\n`);
  await finish(directory, stamp);
  return describe(directory, options, plan, false);
}

/** All that will be drawn. */
interface Plan {
  readonly seasons: readonly PlannedSeason[];
  readonly test: PlannedSeason | undefined;
  readonly frames: number;
}

function planAll(options: SimulationOptions): Plan {
  const plan = (id: string, sequences: number): PlannedSeason => ({ id, plans: planSeason(id, sequences, options) });
  const seasons = options.seasons.map((id) => plan(id, options.sequences));
  // The season after the last: nothing of it is in the catalog.
  const next = `S${Math.max(...options.seasons.map((id) => Number(id.slice(1)))) + 1}`;
  const test = options.testSequences > 0 ? plan(next, options.testSequences) : undefined;
  const all = test === undefined ? seasons : [...seasons, test];
  return { seasons, test, frames: all.reduce((sum, season) => sum + countFrames(season).archived, 0) };
}

function countFrames({ plans }: PlannedSeason): { archived: number; missing: number } {
  let archived = 0;
  let missing = 0;
  for (const sequence of sequencesOf(plans)) {
    const length = archivedFrames(sequence).length;
    archived += length;
    missing += sequence.frames.length - length;
  }
  return { archived, missing };
}

function describe(directory: string, options: SimulationOptions, plan: Plan, reused: boolean): Simulation {
  return {
    directory,
    catalog: simulatedCatalog(options),
    catalogPath: join(directory, CATALOG_FILE),
    seasons: plan.seasons.map((season) => {
      const { archived, missing } = countFrames(season);
      return {
        id: season.id,
        sequences: options.sequences,
        frames: archived,
        missingFrames: missing,
        archives: [archivePath(season.id)],
        metadata: metadataPath(season.id),
      };
    }),
    testData: plan.test === undefined ? undefined : join(directory, TEST_FOLDER),
    frames: plan.frames,
    reused,
  };
}

/** Relative paths of all that is written. */
function outputsOf(options: SimulationOptions): string[] {
  return [
    CATALOG_FILE,
    ...TRAIN_FILES,
    ...options.seasons.flatMap((id) => [archivePath(id), metadataPath(id)]),
    ...(options.testSequences > 0 ? [...TEST_FILES, TEST_FOLDER] : []),
  ];
}

function counter(total: number, onProgress: WorkOptions['onProgress']): (count: number, wasThere: boolean) => void {
  let done = 0;
  let reused = 0;
  return (count, wasThere) => {
    done += count;
    if (wasThere) reused += count;
    onProgress?.({ done, total, unit: 'frames', reused });
  };
}
