import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { kindOfLabel } from '../contracts/labelNames';
import { writeAtomic } from '../io/files';
import { clockText, type CameraEvent, type EventSource } from './events';

const KINDS = [
  ['1', 'animal'],
  ['2', 'person'],
  ['3', 'vehicle'],
] as const;

/**
 * Writes labels in MegaDetector's output format (https://lila.science/megadetector-output-format): a detection the size of
 * the photograph for each label, none in an empty one. What nobody could tell is left out, for the format has no word for it.
 */
export async function writeMegaDetector({ emptyClass, events: source }: EventSource, path: string): Promise<void> {
  const isKnown = ({ labels }: CameraEvent): boolean =>
    labels.every(({ label }) => kindOfLabel(label, emptyClass) !== 'undetermined');
  const events: CameraEvent[] = [];
  for await (const event of source) if (isKnown(event)) events.push(event);
  const names = [...new Set(events.flatMap(({ labels }) => labels.map(({ label }) => label)))]
    .filter((label) => kindOfLabel(label, emptyClass) !== 'blank')
    .sort();
  await writeAtomic(path, async (temporary) => {
    await pipeline(Readable.from(lines(events, names, emptyClass)), createWriteStream(temporary));
  });
}

function* lines(events: readonly CameraEvent[], names: readonly string[], emptyClass: string): Generator<string> {
  const people = [...new Set(events.flatMap(({ classifiedBy }) => classifiedBy ?? []))].sort();
  const info = { format_version: '1.6', classifier: people.join(', ') || undefined };
  const numbers = new Map(names.map((name, number) => [name, String(number)]));
  yield `{\n "info": ${JSON.stringify({ ...info, classifier_metadata: { empty_class: emptyClass } })},\n`;
  yield ` "detection_categories": ${JSON.stringify(Object.fromEntries(KINDS))},\n`;
  const categories = [...numbers].map(([name, number]) => [number, name]);
  yield ` "classification_categories": ${JSON.stringify(Object.fromEntries(categories))},\n "images": [`;
  let separator = '\n  ';
  for (const { photographs, labels } of events) {
    const detections = labels.flatMap(({ label }) => {
      const kind = kindOfLabel(label, emptyClass);
      const category = (KINDS.find(([, name]) => name === kind) ?? KINDS[0])[0];
      // The format's validator wants floats: 1.0, not 1.
      const classifications = `[["${numbers.get(label)}",1.0]]`;
      return kind === 'blank'
        ? []
        : `{"category":"${category}","conf":1.0,"bbox":[0.0,0.0,1.0,1.0],"classifications":${classifications}}`;
    });
    for (const { file, taken } of photographs) {
      const datetime = taken === undefined ? '' : `"datetime":${JSON.stringify(exifTime(taken))},`;
      yield `${separator}{"file":${JSON.stringify(file)},${datetime}"detections":[${detections.join(',')}]}`;
      separator = ',\n  ';
    }
  }
  yield '\n ]\n}\n';
}

function exifTime(taken: number): string {
  return clockText(taken).replaceAll('-', ':').replace('T', ' ');
}
