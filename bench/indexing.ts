import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { simulateMetadata } from '../simulator';
import { metadataPath } from '../simulator/plan/names';
import { benchFolder, measure, peerProgram, peerPython, type BenchReport, type Measured } from './harness';
import { bestOf } from './peerPrograms';
import type { IndexingRequest, IndexingResult } from './programs/indexing';

const SEASONS = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'S10'];
/** The season that is also indexed alone, from its own file: S10 at its real length. */
const ONE_SEASON: [id: string, sequences: number] = ['S10', 252_015];
const ROUNDS = 1;
const MOST_BYTES = 2.5e9;
/** Nine in ten are dropped season by season here, of all seasons together there. */
const ROUNDING = SEASONS.length;

const CSVS = { format: 'competition-csv', metadata: 'train_metadata.csv', labels: 'train_labels.csv' } as const;
const JSON_OF_ONE = { format: 'coco-camera-traps', path: metadataPath(ONE_SEASON[0]) } as const;
const OUTPUT = join(benchFolder('index'), 'out');

/** What both programs print. */
type Found = Pick<IndexingResult, 'frames' | 'sequences' | 'trainSequences' | 'validationSequences' | 'peakBytes'>;

/**
 * From the competition's two CSVs at full size to first frames with their labels, as the tutorial does it with pandas;
 * seconds of whole processes. Here the tables are written as well.
 */
export async function run(): Promise<BenchReport> {
  const python = peerPython();
  const input = join(benchFolder('index'), 'metadata');
  console.log('Making the metadata of ten seasons, once …');
  await simulateMetadata(join(input, 'all'), { json: false });
  await simulateMetadata(join(input, 'one'), { csv: false, seasons: [ONE_SEASON] });

  const tutorial = peerProgram('firstFrames.py');
  const found = new Map<string, Found>();
  const best = await bestOf(ROUNDS, {
    ours: () =>
      keep(found, 'ours', ourProgram({ seasons: SEASONS, metadata: CSVS, input: join(input, 'all'), output: OUTPUT })),
    pandas: () => keep(found, 'pandas', measure<Found>(python, [tutorial, join(input, 'all'), SEASONS.at(-1)!])),
    'ours, one season': () =>
      keep(
        found,
        'ours, one season',
        ourProgram({ seasons: [ONE_SEASON[0]], metadata: JSON_OF_ONE, input: join(input, 'one'), output: OUTPUT }),
      ),
  });
  await rm(OUTPUT, { recursive: true, force: true });
  checkSame(found.get('ours')!, found.get('pandas')!);

  const { peakBytes } = found.get('ours')!;
  return {
    rows: [
      ['from CSVs to first frames', 'frames', 'sequences', 'seconds', 'most memory'],
      ...Object.entries(best).map(([name, seconds]) => row(name, seconds, found.get(name)!)),
    ],
    ratios: {
      'ours / pandas': rounded(best.ours / best.pandas),
      'memory of ours / 2.5 GB': rounded(peakBytes / MOST_BYTES),
      'one season / all seasons': rounded(best['ours, one season'] / best.ours),
    },
  };
}

async function ourProgram(request: IndexingRequest): Promise<Measured<IndexingResult>> {
  await rm(request.output, { recursive: true, force: true });
  return await measure<IndexingResult>(process.execPath, [
    join(__dirname, 'programs', 'indexing.js'),
    JSON.stringify(request),
  ]);
}

async function keep(found: Map<string, Found>, name: string, measuring: Promise<Measured<Found>>): Promise<number> {
  const { result, seconds } = await measuring;
  found.set(name, result);
  return seconds;
}

/** A comparison counts only when both did the same. */
function checkSame(ours: Found, theirs: Found): void {
  const differs =
    ours.frames !== theirs.frames ||
    ours.sequences !== theirs.sequences ||
    ours.validationSequences !== theirs.validationSequences ||
    Math.abs(ours.trainSequences - theirs.trainSequences) > ROUNDING;
  if (differs) throw new Error(`Not the same work: ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`);
}

function row(name: string, seconds: number, { frames, sequences, peakBytes }: Found): string[] {
  const count = (value: number): string => value.toLocaleString('en');
  return [name, count(frames), count(sequences), seconds.toFixed(1), `${(peakBytes / 1e9).toFixed(2)} GB`];
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
