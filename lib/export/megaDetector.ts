import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { kindOfLabel } from '../contracts/labelNames';
import { DETECTED_KINDS, detectedKindOf, exifTime, FORMAT_VERSION, megaDetectorText } from '../contracts/megaDetector';
import { writeAtomic } from '../io/files';
import type { CameraEvent, EventSource } from './events';

/**
 * Writes labels in MegaDetector's output format: a detection the size of
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

function lines(events: readonly CameraEvent[], names: readonly string[], emptyClass: string): Generator<string> {
  const people = [...new Set(events.flatMap(({ classifiedBy }) => classifiedBy ?? []))].sort();
  const info = {
    format_version: FORMAT_VERSION,
    classifier: people.join(', ') || undefined,
    classifier_metadata: { empty_class: emptyClass },
  } as const;
  const classifications = names.map((name, number) => [String(number), name] as const);
  return megaDetectorText({ info, kinds: DETECTED_KINDS, classifications }, imageLines(events, names, emptyClass));
}

function* imageLines(events: readonly CameraEvent[], names: readonly string[], emptyClass: string): Generator<string> {
  const numbers = new Map(names.map((name, number) => [name, number]));
  for (const { photographs, labels } of events) {
    const occupied = labels.filter(({ label }) => kindOfLabel(label, emptyClass) !== 'blank');
    const detections = occupied.map(({ label }) => {
      const classifications = `[["${numbers.get(label)}",1.0]]`;
      const category = detectedKindOf(label, emptyClass);
      return `{"category":"${category}","conf":1.0,"bbox":[0.0,0.0,1.0,1.0],"classifications":${classifications}}`;
    });
    for (const { file, taken } of photographs) {
      const datetime = taken === undefined ? '' : `"datetime":${JSON.stringify(exifTime(taken))},`;
      yield `{"file":${JSON.stringify(file)},${datetime}"detections":[${detections.join(',')}]}`;
    }
  }
}
