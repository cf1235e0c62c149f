import { kindOfLabel } from './labelNames';

// MegaDetector's output format (https://lila.science/megadetector-output-format), which Timelapse and others open, as far as
// it is the same whoever detected or said something. Its own validator wants numbers of detections to read as floats: 1.0, not 1.

/** Of the format that is written. */
export const FORMAT_VERSION = '1.6';

/** What the format's detectors tell apart. What is of no other kind counts as an animal. */
export const DETECTED_KINDS = [
  { id: '1', name: 'animal' },
  { id: '2', name: 'person' },
  { id: '3', name: 'vehicle' },
] as const;

/** Of the kind that a label is of. */
export function detectedKindOf(label: string, emptyClass: string): (typeof DETECTED_KINDS)[number]['id'] {
  const kind = kindOfLabel(label, emptyClass);
  return (DETECTED_KINDS.find(({ name }) => name === kind) ?? DETECTED_KINDS[0]).id;
}

export interface MegaDetectorHead {
  readonly info: { readonly format_version: typeof FORMAT_VERSION; readonly [fact: string]: unknown };
  readonly kinds: readonly { readonly id: string; readonly name: string }[];
  readonly classifications: Iterable<readonly [id: string, name: string]>;
}

/** The text of a file in the format, an image a line. @param images - in JSON */
export function* megaDetectorText(head: MegaDetectorHead, images: Iterable<string>): Generator<string> {
  const kinds = Object.fromEntries(head.kinds.map(({ id, name }) => [id, name]));
  yield `{\n "info": ${JSON.stringify(head.info)},\n`;
  yield ` "detection_categories": ${JSON.stringify(kinds)},\n`;
  yield ` "classification_categories": ${JSON.stringify(Object.fromEntries(head.classifications))},\n`;
  yield ' "images": [';
  let separator = '';
  for (const image of images) {
    yield `${separator}\n  ${image}`;
    separator = ',';
  }
  yield '\n ]\n}\n';
}

/** @param taken - milliseconds by the camera's clock */
export function exifTime(taken: number): string {
  return new Date(taken).toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ');
}
