import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { mostProbable, named, readIndexes, type CameraEvent, type EventLabel } from '../export';
import { readPickedFrames, type SeasonIndex } from '../metadata';
import { ANSWERS, type Reviewable } from './review';

export interface HeldOutInput {
  /** Of the held-out seasons. */
  readonly indexes: readonly SeasonIndex[];
  /** Folder of the validation. */
  readonly validation: string;
  /** Folder of the pick, where only frames of it can be looked at. */
  readonly pick?: string | undefined;
  readonly emptyClass: string;
  /** What to call the model. */
  readonly model: string;
}

/** What a model said of the sequences that it was validated on, with the labels that these have in their seasons. */
export async function readHeldOut({ indexes, validation, pick, emptyClass, model }: HeldOutInput): Promise<Reviewable> {
  const { classes, answers } = await readAnswers(join(validation, 'predictions.csv'));
  const frames = pick === undefined ? undefined : await readPickedFrames(pick, { split: 'validation' });
  const picked = frames === undefined ? undefined : new Set(frames.map((frame) => `${frame.season}/${frame.fileName}`));
  const events: CameraEvent[] = [];
  const known = new Map<string, readonly string[]>();
  for await (const event of readIndexes(indexes, emptyClass).events) {
    const name = named(event, event.id);
    const labels = answers.get(name);
    if (labels === undefined) continue;
    const photographs = event.photographs.filter(({ file }) => picked?.has(named(event, file)) ?? true);
    events.push({ ...event, photographs, labels });
    known.set(
      name,
      event.labels.map(({ label }) => label),
    );
  }
  return { emptyClass, classifiedBy: model, classes, events, known };
}

/** A row a sequence: its season, its name, the probability of each class. */
async function readAnswers(path: string) {
  const answers = new Map<string, EventLabel[]>();
  let classes: readonly string[] | undefined;
  for await (const [season, sequence, ...cells] of createReadStream(path).pipe(parse()) as AsyncIterable<string[]>) {
    if (classes === undefined) classes = cells;
    else answers.set(`${season}/${sequence}`, mostProbable(classes, cells, ANSWERS));
  }
  return { classes: classes ?? [], answers };
}
