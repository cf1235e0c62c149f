import type { ModelCard } from '../contracts/model';
import type { Preprocessing } from '../contracts/preprocessing';
import type { ValidationResult } from '../contracts/validation';
import { intervalsText } from '../report/estimate';

/** Where the photographs and labels came from. */
export interface DataFacts {
  readonly name: string;
  readonly description?: string;
  readonly licence: string;
  readonly citation: string;
}

export interface ModelCardFacts {
  readonly card: ModelCard;
  readonly data: DataFacts;
  /** Absent where nothing was held out. */
  readonly validation?: ValidationResult;
}

/** `model-card.md`: what the model is, what it was made from, how good it is, and what it is not for. */
export function modelCardText(facts: ModelCardFacts): string {
  const { card, data, validation } = facts;
  const sections = [
    `# Species classifier for ${data.name}`,
    overview(card),
    '## Intended use',
    intendedUse(card),
    '## Data',
    dataSection(card, data),
    '## How well it does',
    validation === undefined ? 'It was not validated on held-out seasons.' : scores(validation),
    '## Limits',
    limits(card, validation),
    '## How to use it',
    usage(card),
  ];
  return `${sections.join('\n\n')}\n`;
}

function overview(card: ModelCard): string {
  const hidden =
    card.output === 'softmax' ? 'one answer a sequence (softmax)' : 'a yes or no for every class (sigmoid)';
  const backbone =
    card.tunedStages === undefined
      ? `frozen ${card.backbone}`
      : `${card.backbone}, its last ${card.tunedStages.length} cells trained further,`;
  return (
    `Tells ${card.classes.length} classes apart in photographs of camera traps: a head with ${hidden} on ` +
    `${backbone} features (${card.featureWidth} values a frame). Backbone weights: SHA-256 ${card.weightsSha256}.`
  );
}

function intendedUse(card: ModelCard): string {
  return list([
    `Sorting sequences of camera-trap photographs by species, and setting aside those without animals (\`${card.emptyClass}\`), before or beside people who look at them.`,
    'Not for single decisions that matter without a person who checks: counting rare species, reporting people, triggering actions in the field.',
    'Not for photographs of other kinds than camera traps, or of regions with species that it never saw: it answers one of its classes whatever the photograph shows.',
  ]);
}

function dataSection(card: ModelCard, data: DataFacts): string {
  return list([
    `Trained on season ${card.trainSeasons.join(', ')} of ${data.name}.`,
    ...(data.description ? [data.description] : []),
    `Of each sequence: ${framesText(card.framesPerSequence)}.`,
    ...samplingText(card),
    `Licence of the data: ${data.licence || 'not stated'}.`,
    `Cite: ${data.citation || 'not stated'}.`,
  ]);
}

/** Nothing where all classes count the same: then nothing was shifted. */
function samplingText({ samplingRates }: ModelCard): string[] {
  const most = Math.max(...Object.values(samplingRates));
  const less = Object.entries(samplingRates).filter(([, rate]) => rate < most);
  if (less.length === 0) return [];
  const shares = less.map(([name, rate]) => `${name} ${percent(rate / most)}`);
  return [
    `How much training sequences counted, by sampling and weights, against those of the other classes: ${shares.join(', ')}; predictions undo the shift.`,
  ];
}

function scores(result: ValidationResult): string {
  const { accuracy, top5, logLoss, baselines, blank } = result;
  const rows = [
    ['Log loss, mean over sequences and classes', interval(logLoss, (value) => value.toFixed(4))],
    ['… class frequencies alone', baselines.truePrior.toFixed(4)],
    ['… uniform', baselines.uniform.toFixed(4)],
    ['Accuracy', interval(accuracy, percent)],
    ['… always the commonest class', percent(result.majorityAccuracy)],
    ['Among the first five', interval(top5, percent)],
    ['Animals found (recall of any animal)', blank.recall ? interval(blank.recall, percent) : '—'],
    ['Animals right (precision of any animal)', blank.precision ? interval(blank.precision, percent) : '—'],
    ['Expected calibration error', percent(result.calibration.error)],
  ];
  return [
    `On season ${result.seasons.join(', ')}, which training never saw: ${result.sequences} sequences, ${result.frames} frames, ${result.sites} sites, at their natural class balance. ${intervalsText(result.sites)}`,
    ['| | |', '|---|---:|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n'),
    classTable(result),
  ].join('\n\n');
}

function classTable({ perClass }: ValidationResult): string {
  const rows = perClass.map(
    ({ className, trainSequences, sequences, precision, recall }) =>
      `| ${cell(className)} | ${trainSequences} | ${sequences} | ${maybe(precision)} | ${maybe(recall)} |`,
  );
  return ['| class | trained on | held out | precision | recall |', '|---|---:|---:|---:|---:|', ...rows].join('\n');
}

function limits(card: ModelCard, validation: ValidationResult | undefined): string {
  return list([
    ...(validation?.cautions ?? []),
    'Labels hold for a sequence, not for a frame: some frames with an animal’s label show none.',
    card.preprocessing.crop === undefined
      ? `A frame is seen at ${sizeText(card.preprocessing)}: animals that are small there are lost.`
      : `Animals are seen one by one, each at ${sizeText(card.preprocessing)}, where a detector found them with a confidence of ${card.preprocessing.crop.threshold} or more; frames without any are seen as a whole. \`main.py\` and \`main.mjs\` read the boxes from \`data/detections.json\`, in MegaDetector's format. What the detector misses is lost.`,
    'New sites, cameras and seasons shift the photographs and the balance of classes; validate on some of your own first.',
  ]);
}

function sizeText({ width, height, fit }: Preprocessing): string {
  return `${width}×${height} pixels, ${fit === 'stretch' ? 'stretched to them' : 'grey around it'} where it has another shape`;
}

function usage({ signature, headSignature, preprocessing, classes, featureWidth }: ModelCard): string {
  const input = `\`${signature.input}\`, uint8 [frames, ${preprocessing.height}, ${preprocessing.width}, 3], RGB`;
  const order = `float32 [frames, ${classes.length}], in the order of \`labels.txt\``;
  const forSequences =
    headSignature === undefined
      ? `Frames are pooled from \`${signature.output}\` of the signature \`${signature.name}\`, ${order}`
      : `Frames are pooled from \`${signature.output}\` of the signature \`${signature.name}\`, float32 [frames, ${featureWidth}]; what comes of it goes through \`${headSignature.name}\`: \`${headSignature.input}\` → \`${headSignature.output}\``;
  return [
    `\`saved_model/\` is a TensorFlow SavedModel. Its default signature is for single photographs: ${input} → \`probabilities\`, ${order}, corrected and calibrated.`,
    `${forSequences}. \`model.json\` says how frames become sequences and what is corrected then; \`main.py\` and \`main.mjs\` do all of it.`,
  ].join('\n\n');
}

function framesText(frames: ModelCard['framesPerSequence']): string {
  if (frames === 'first') return 'the first frame';
  return frames === 'all' ? 'all frames' : `up to ${frames} frames spread over it`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function interval(
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
  format: (value: number) => string,
): string {
  return `${format(value)} (${format(low)} to ${format(high)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function maybe(share: number | null): string {
  return share === null ? '—' : percent(share);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
