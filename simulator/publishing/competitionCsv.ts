import { CLASSES } from '../plan/classes';
import { timestamp } from '../plan/names';
import type { PlannedFrame, Sequence, SitePlan } from '../plan/sequences';

const CHUNK_CHARACTERS = 1 << 16;
const HEADER = `seq_id,${CLASSES.join(',')}\n`;

/** Plans of a season, with its id. */
export interface PlannedSeason {
  readonly id: string;
  readonly plans: readonly SitePlan[];
}

/**
 * `train_metadata.csv`: `seq_id,file_name,datetime`, a row a frame, sorted by sequence.
 *
 * @param fileName - the frame's name in the CSV: as in the archive, or flat.
 */
export function* metadataCsv(
  seasons: readonly PlannedSeason[],
  fileName: (frame: PlannedFrame) => string = (frame) => frame.fileName,
): Generator<string> {
  yield* inChunks('seq_id,file_name,datetime\n', sortedSequences(seasons), (sequence) => {
    const time = timestamp(sequence.time);
    return sequence.frames.map((frame) => `${sequence.id},${fileName(frame)},${time}\n`).join('');
  });
}

/** `train_labels.csv`: `seq_id` and a column of 0 and 1 for each of the 54 classes, sorted by sequence. */
export function* labelsCsv(seasons: readonly PlannedSeason[]): Generator<string> {
  const rows = new Map<string, string>();
  yield* inChunks(HEADER, sortedSequences(seasons), (sequence) => {
    const labels = labelsOf(sequence);
    const key = labels.join();
    let row = rows.get(key);
    if (row === undefined) {
      row = `,${CLASSES.map((name) => (labels.includes(name) ? 1 : 0)).join(',')}\n`;
      rows.set(key, row);
    }
    return sequence.id + row;
  });
}

/** `submission_format.csv`: the labels' columns with a placeholder in each place, sorted by sequence. */
export function* submissionFormatCsv(seasons: readonly PlannedSeason[]): Generator<string> {
  const row = `${',0.5'.repeat(CLASSES.length)}\n`;
  yield* inChunks(HEADER, sortedSequences(seasons), (sequence) => sequence.id + row);
}

function labelsOf(sequence: Sequence): string[] {
  return sequence.labels.length === 0 ? ['empty'] : sequence.labels.map(({ species }) => species);
}

/** In the order of their ids as strings, site by site; without those that show people, which no class stands for. */
function* sortedSequences(seasons: readonly PlannedSeason[]): Generator<Sequence> {
  for (const { plans } of [...seasons].sort((a, b) => compare(`${a.id}#`, `${b.id}#`))) {
    for (const plan of plans) {
      yield* [...plan.sequences()].filter(({ people }) => !people).sort((a, b) => compare(a.id, b.id));
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function* inChunks(
  header: string,
  sequences: Iterable<Sequence>,
  rows: (sequence: Sequence) => string,
): Generator<string> {
  let chunk = header;
  for (const sequence of sequences) {
    chunk += rows(sequence);
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}
