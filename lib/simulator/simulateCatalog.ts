import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../contracts/catalog';
import type { WorkOptions } from '../contracts/progress';
import { pathExists, writeFileAtomic } from '../store/files';
import { frameSource, type FrameSource } from './drawing/frames';
import { inOrder } from './inOrder';
import { optionsDigest, simulationOptions, type SimulationOptions, type SimulationRequest } from './options';
import { archivePaths, LOOSE_FRAMES_FOLDER, metadataPath } from './plan/names';
import { planSeason, sequencesOf, type Sequence } from './plan/sequences';
import { simulatedCatalog } from './publishing/catalogFile';
import type { PlannedSeason } from './publishing/competitionCsv';
import { archivedFrames, writeSeasonArchive } from './publishing/seasonArchive';
import {
  flatName,
  TEST_FILES,
  TRAIN_FILES,
  writeSeasonMetadata,
  writeTestTables,
  writeTrainTables,
} from './publishing/tables';
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
const TEST_FOLDER = 'data';
const AHEAD = 4;

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
  const seasons = options.seasons.map((id): PlannedSeason => ({
    id,
    plans: planSeason(id, options.sequences, options),
  }));
  const test = testSeason(options);
  const counts = seasons.map(countFrames);
  const frames = counts.reduce(
    (sum, { archived }) => sum + archived,
    test === undefined ? 0 : countFrames(test).archived,
  );
  const describe = (reused: boolean): Simulation => ({
    directory,
    catalog: simulatedCatalog(options),
    catalogPath: join(directory, CATALOG_FILE),
    seasons: options.seasons.map((id, index) => ({
      id,
      sequences: options.sequences,
      frames: counts[index]!.archived,
      missingFrames: counts[index]!.missing,
      archives: archivePaths(id, options.parts),
      metadata: metadataPath(id),
    })),
    testData: test === undefined ? undefined : join(directory, TEST_FOLDER),
    frames,
    reused,
  });
  if (await isFinished(directory, digest)) {
    onProgress?.({ done: frames, total: frames, unit: 'frames', reused: frames });
    return describe(true);
  }

  const stamp = { digest, options, outputs: outputsOf(options) };
  await mkdir(directory, { recursive: true });
  await begin(directory, stamp);
  const work: Work = {
    directory,
    options,
    digest,
    signal,
    draw: frameSource(options),
    onFrames: counter(frames, onProgress),
  };
  for (const season of seasons) await writeArchives(season, work);
  if (test !== undefined) await writeTestData(test, work);
  for (const season of seasons) await writeSeasonMetadata(directory, season, options, digest, signal);
  await writeTrainTables(directory, seasons, signal);
  await writeFileAtomic(join(directory, CATALOG_FILE), `${JSON.stringify(simulatedCatalog(options), undefined, 2)}\n`);
  await finish(directory, stamp);
  return describe(false);
}

interface Work {
  readonly directory: string;
  readonly options: SimulationOptions;
  readonly digest: string;
  readonly signal: AbortSignal | undefined;
  readonly draw: FrameSource;
  readonly onFrames: (count: number, reused: boolean) => void;
}

function outputsOf(options: SimulationOptions): string[] {
  return [
    CATALOG_FILE,
    ...TRAIN_FILES,
    ...options.seasons.flatMap((id) => [...archivePaths(id, options.parts), metadataPath(id)]),
    ...(options.testSequences > 0 ? [...TEST_FILES, TEST_FOLDER] : []),
    ...(options.looseFrames ? [LOOSE_FRAMES_FOLDER] : []),
  ];
}

/** The season after the last: nothing of it is in the catalog. */
function testSeason(options: SimulationOptions): PlannedSeason | undefined {
  if (options.testSequences === 0) return undefined;
  const last = Math.max(...options.seasons.map((id) => Number(id.slice(1))));
  const id = `S${last + 1}`;
  return { id, plans: planSeason(id, options.testSequences, options) };
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

function counter(total: number, onProgress: WorkOptions['onProgress']): Work['onFrames'] {
  let done = 0;
  let reused = 0;
  return (count, wasThere) => {
    done += count;
    if (wasThere) reused += count;
    onProgress?.({ done, total, unit: 'frames', reused });
  };
}

async function writeArchives({ id, plans }: PlannedSeason, work: Work): Promise<void> {
  const { directory, options, digest, draw, signal, onFrames } = work;
  const paths = archivePaths(id, options.parts);
  for (const [part, path] of paths.entries()) {
    const range = {
      from: Math.floor((options.sequences * part) / paths.length),
      to: Math.floor((options.sequences * (part + 1)) / paths.length),
    };
    const sequences = (): Iterable<Sequence> => between(sequencesOf(plans), range);
    await writeSeasonArchive({ directory, path, sequences, options, digest, draw }, signal, onFrames);
  }
}

function* between(sequences: Iterable<Sequence>, { from, to }: { from: number; to: number }): Generator<Sequence> {
  let position = 0;
  for (const sequence of sequences) {
    if (position >= to) return;
    if (position >= from) yield sequence;
    position++;
  }
}

/** The test frames, flat, with the two CSVs beside them and once more at the root. */
async function writeTestData(test: PlannedSeason, work: Work): Promise<void> {
  const { directory, draw, signal, onFrames } = work;
  const folder = join(directory, TEST_FOLDER);
  const shown = [...sequencesOf(test.plans)].filter((sequence) => archivedFrames(sequence).length > 0);
  const missing: Sequence[] = [];
  for (const sequence of shown) {
    const last = sequence.frames[sequence.frames.length - 1]!;
    if (await pathExists(join(folder, flatName(last.fileName)))) onFrames(sequence.frames.length, true);
    else missing.push(sequence);
  }
  for await (const [sequence, frames] of inOrder(missing, AHEAD, draw)) {
    signal?.throwIfAborted();
    for (const { fileName, rank } of sequence.frames) {
      await writeFileAtomic(join(folder, flatName(fileName)), frames[rank - 1]!);
    }
    onFrames(sequence.frames.length, false);
  }
  await writeTestTables(folder, [test], signal);
  await writeTestTables(directory, [test], signal);
}
