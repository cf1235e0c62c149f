import { Random } from '../random';
import { CLASSES, UNCLASSED } from '../plan/classes';
import { timestamp } from '../plan/names';
import { sequencesOf, type PlannedFrame, type Sequence, type SitePlan } from '../plan/sequences';

/** Ids of LILA's 61 categories: `empty` is 0. */
export const CATEGORIES: readonly string[] = ['empty', ...CLASSES.filter((name) => name !== 'empty'), ...UNCLASSED];

const CATEGORY_IDS = new Map(CATEGORIES.map((name, id) => [name, id]));
const CHUNK_CHARACTERS = 1 << 16;
/** LILA's images come in no order; shuffling among so many neighbours keeps memory bounded. */
const SHUFFLED_IMAGES = 1024;

/**
 * A season's metadata as COCO Camera Traps JSON, in the exact form of LILA's: written by Python with an indent of one,
 * bare `NaN`s, images in no order, every annotation of a sequence repeated for each of its frames.
 */
export function* cocoJson(
  season: string,
  plans: readonly SitePlan[],
  size: { width: number; height: number },
): Generator<string> {
  const info = {
    version: '2.0',
    description: `Simulated camera trap data in the form of the Snapshot Serengeti program, season ${season.slice(1)}`,
    date_created: '2019',
    contributor: 'serengeti simulator',
  };
  const categories = CATEGORIES.map((name, id) => ({ id, name }));
  const head = JSON.stringify({ info, categories }, undefined, 1).slice(0, -'\n}'.length);
  yield `${head},\n "images": [\n`;
  yield* inChunks(images(season, plans, size));
  yield '\n ],\n "annotations": [\n';
  yield* inChunks(annotations(plans));
  yield '\n ]\n}';
}

function* inChunks(records: Iterable<string>): Generator<string> {
  let chunk = '';
  let separator = '';
  for (const record of records) {
    chunk += separator + record;
    separator = ',\n';
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

function* images(
  season: string,
  plans: readonly SitePlan[],
  size: { width: number; height: number },
): Generator<string> {
  const random = new Random('images', season);
  const block: string[] = [];
  for (const sequence of sequencesOf(plans)) {
    for (const frame of sequence.frames) block.push(imageRecord(sequence, frame, size));
    if (block.length >= SHUFFLED_IMAGES) yield* random.shuffled(block.splice(0));
  }
  yield* random.shuffled(block);
}

function imageRecord(sequence: Sequence, frame: PlannedFrame, size: { width: number; height: number }): string {
  const corrupt = frame.state === 'unreadable';
  return `  {
   "id": "${imageId(frame)}",
   "file_name": "${frame.fileName}",
   "frame_num": ${frame.rank},
   "seq_id": "${sequence.id}",
   "width": ${corrupt ? -1 : size.width},
   "height": ${corrupt ? -1 : size.height},
   "corrupt": ${corrupt},
   "location": "${sequence.site.name}",
   "seq_num_frames": ${sequence.frames.length},
   "datetime": "${timestamp(sequence.time)}"
  }`;
}

function* annotations(plans: readonly SitePlan[]): Generator<string> {
  let count = 0;
  for (const sequence of sequencesOf(plans)) {
    for (const label of labelsOf(sequence)) {
      for (const frame of sequence.frames) yield annotationRecord(sequence, frame, label, count++);
    }
  }
}

interface Label {
  readonly name: string;
  /** `NaN` where nothing was counted. */
  readonly count: string;
  readonly answer: string;
}

function labelsOf(sequence: Sequence): Label[] {
  if (sequence.people) return [{ name: 'human', count: '"1"', answer: '1.0' }];
  if (sequence.labels.length === 0) return [{ name: 'empty', count: 'NaN', answer: 'NaN' }];
  return sequence.labels.map(({ species, count }) => ({ name: species, count: `"${count}"`, answer: '1.0' }));
}

function annotationRecord(sequence: Sequence, frame: PlannedFrame, label: Label, number: number): string {
  const { season } = sequence;
  const none = label.answer === 'NaN' ? 'NaN' : '0.0';
  return `  {
   "sequence_level_annotation": true,
   "id": "${annotationId(season, number)}",
   "category_id": ${CATEGORY_IDS.get(label.name)},
   "seq_id": "${sequence.id}",
   "season": "${season}",
   "datetime": "${timestamp(sequence.time)}",
   "subject_id": "${subjectId(sequence)}",
   "count": ${label.count},
   "standing": ${none},
   "resting": ${none},
   "moving": ${label.answer},
   "interacting": ${none},
   "young_present": ${none},
   "image_id": "${imageId(frame)}",
   "location": "${sequence.site.name}"
  }`;
}

const imageId = (frame: PlannedFrame): string => frame.fileName.slice(0, -'.JPG'.length);

/** In the form of a time-based UUID, counting up. */
function annotationId(season: string, number: number): string {
  const low = number.toString(16).padStart(8, '0');
  return `${low}-5e8a-11ea-8${season.slice(1).padStart(3, '0')}-0242ac110002`;
}

function subjectId(sequence: Sequence): string {
  return `ASG${sequence.id.replace(/[^A-Z0-9]/g, '').toLowerCase()}`;
}
