import type { ModelCard } from '../../contracts/model';
import { kindOfLabel } from '../../contracts/labelNames';
import { rounded, type ClassifiedBox, type PhotographResult } from './photographResult';

// MegaDetector's output format (lila.science/megadetector-output-format), which Timelapse and others open. Its own
// validator wants numbers of detections to read as floats: 1.0, not 1.

/** Of the format that is written. */
const FORMAT_VERSION = '1.6';

/** What the format's detectors tell apart. What is of no other kind counts as an animal. */
const KINDS = [
  { id: '1', name: 'animal' },
  { id: '2', name: 'person' },
  { id: '3', name: 'vehicle' },
] as const;

/**
 * Confidences that tools begin with. A photograph of something is more probable than not at the first; the second misses
 * less.
 */
const DETECTOR_METADATA = { typical_detection_threshold: 0.5, conservative_detection_threshold: 0.2 };

/** The text of `predictions.json`, an image a line. */
export function* megaDetectorLines(results: readonly PhotographResult[], card: ModelCard): Generator<string> {
  const { backbone, classes, emptyClass } = card;
  const classifier = `serengeti ${backbone}`;
  const info = {
    format_version: FORMAT_VERSION,
    classifier,
    classifier_metadata: { empty_class: emptyClass },
    detector_metadata: DETECTOR_METADATA,
  };
  const kinds = kindsOf(card, results);
  const names = classes.map((name, label) => [String(label), name.trim() === '' ? `class ${label}` : name]);
  yield `{\n "info": ${JSON.stringify(info)},\n`;
  yield ` "detection_categories": ${JSON.stringify(Object.fromEntries(kinds.map(({ id, name }) => [id, name])))},\n`;
  yield ` "classification_categories": ${JSON.stringify(Object.fromEntries(names))},\n`;
  yield ' "images": [';
  for (const [position, result] of results.entries()) {
    const image = JSON.stringify(imageOf(result, card, kinds)).replace(/"conf":([01])(?=,)/g, '"conf":$1.0');
    yield `${position === 0 ? '' : ','}\n  ${image}`;
  }
  yield '\n ]\n}\n';
}

/** Positions of the classes of a kind. */
interface Kind {
  readonly id: string;
  readonly name: string;
  readonly labels: readonly number[];
}

/** Animals, and what else the model's classes know or a detector found. */
function kindsOf({ classes, emptyClass }: ModelCard, results: readonly PhotographResult[]): Kind[] {
  const found = new Set(results.flatMap(({ boxes = [] }) => boxes.map(({ detection }) => detection.kind)));
  const kindOf = (name: string): string => {
    const kind = kindOfLabel(name, emptyClass);
    return (KINDS.find(({ name }) => name === kind) ?? KINDS[0]).id;
  };
  const kinds = KINDS.map(({ id, name }) => {
    const labels = [...classes.keys()].filter(
      (label) => classes[label] !== emptyClass && kindOf(classes[label]!) === id,
    );
    return { id, name, labels };
  });
  return kinds.filter(({ id, name, labels }) => id === KINDS[0].id || labels.length > 0 || found.has(name));
}

function imageOf({ file, taken, boxes, outcome }: PhotographResult, card: ModelCard, kinds: readonly Kind[]): object {
  if ('failure' in outcome) return { file, failure: outcome.failure, detections: null };
  const datetime = taken === undefined ? undefined : exifTime(taken);
  const detections = boxes?.map((box) => detectionOf(box, kinds)) ?? detectionsOf(outcome.probabilities, card, kinds);
  return { file, datetime, detections };
}

/** A detector's box as it was, with the classes of its kind; what is of no kind here counts as an animal. */
function detectionOf({ detection, probabilities }: ClassifiedBox, kinds: readonly Kind[]) {
  const { kind: name, confidence, box } = detection;
  const kind = kinds.find((candidate) => candidate.name === name) ?? kinds[0]!;
  const classifications = classificationsOf(kind, probabilities);
  return { category: kind.id, conf: rounded(confidence), bbox: box, classifications };
}

function classificationsOf({ labels }: Kind, probabilities: Float64Array) {
  return labels.map((label) => [String(label), rounded(probabilities[label]!)] as const).sort(([, a], [, b]) => b - a);
}

/**
 * Without a detector's boxes each photograph has one detection of its size a kind: together as probable as the photograph is
 * not empty, each kind with its classes' share of that.
 */
function detectionsOf(probabilities: Float64Array, { classes, emptyClass }: ModelCard, kinds: readonly Kind[]) {
  const sums = kinds.map(({ labels }) => labels.reduce((sum, label) => sum + probabilities[label]!, 0));
  const total = sums.reduce((sum, value) => sum + value, 0);
  const occupied = 1 - probabilities[classes.indexOf(emptyClass)]!;
  return kinds.flatMap((own, kind) => {
    if (kind > 0 && own.labels.length === 0) return [];
    const share = total > 0 ? sums[kind]! / total : Number(kind === 0);
    const classifications = classificationsOf(own, probabilities);
    return { category: own.id, conf: rounded(occupied * share), bbox: [0, 0, 1, 1], classifications };
  });
}

function exifTime(taken: number): string {
  return new Date(taken).toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ');
}
