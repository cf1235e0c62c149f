import type { ModelCard } from '../../contracts/model';
import {
  DETECTED_KINDS,
  detectedKindOf,
  exifTime,
  FORMAT_VERSION,
  megaDetectorText,
} from '../../contracts/megaDetector';
import { rounded, type ClassifiedBox, type PhotographResult } from './photographResult';

/**
 * Confidences that tools begin with. A photograph of something is more probable than not at the first; the second misses
 * less.
 */
const DETECTOR_METADATA = { typical_detection_threshold: 0.5, conservative_detection_threshold: 0.2 };

/** The text of `predictions.json`, in MegaDetector's output format. */
export function megaDetectorLines(results: readonly PhotographResult[], card: ModelCard): Generator<string> {
  const { backbone, classes, emptyClass } = card;
  const info = {
    format_version: FORMAT_VERSION,
    classifier: `serengeti ${backbone}`,
    classifier_metadata: { empty_class: emptyClass },
    detector_metadata: DETECTOR_METADATA,
  } as const;
  const kinds = kindsOf(card, results);
  const classifications = classes.map(
    (name, label) => [String(label), name.trim() === '' ? `class ${label}` : name] as const,
  );
  return megaDetectorText({ info, kinds, classifications }, imageLines(results, card, kinds));
}

function* imageLines(results: readonly PhotographResult[], card: ModelCard, kinds: readonly Kind[]) {
  for (const result of results) {
    yield JSON.stringify(imageOf(result, card, kinds)).replace(/"conf":([01])(?=,)/g, '"conf":$1.0');
  }
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
  const kinds = DETECTED_KINDS.map(({ id, name }) => {
    const labels = [...classes.keys()].filter(
      (label) => classes[label] !== emptyClass && detectedKindOf(classes[label]!, emptyClass) === id,
    );
    return { id, name, labels };
  });
  return kinds.filter(({ id, name, labels }) => id === DETECTED_KINDS[0].id || labels.length > 0 || found.has(name));
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
