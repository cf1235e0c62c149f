import type { EpochRecord, ModelCard } from '../../../../lib/contracts/model';
import type { PickCounts } from '../../../../lib/contracts/pick';
import type { RunFacts } from '../../../../lib/contracts/report';
import type { SubmissionCheck } from '../../../../lib/contracts/submission';
import type { ClassScore, Example, ValidationResult } from '../../../../lib/contracts/validation';
import { randomNumbers } from '../../../support/random';

export const SERENGETI_CLASSES = (
  'aardvark aardwolf baboon bat batearedfox buffalo bushbuck caracal cattle cheetah civet dikdik duiker eland elephant ' +
  'empty gazellegrants gazellethomsons genet giraffe guineafowl hare hartebeest hippopotamus honeybadger hyenaspotted ' +
  'hyenastriped impala insectspider jackal koribustard leopard lionfemale lionmale mongoose monkeyvervet ostrich ' +
  'otherbird porcupine reedbuck reptiles rhinoceros rodents secretarybird serval steenbok topi vulture warthog ' +
  'waterbuck wildcat wildebeest zebra zorilla'
).split(' ');

export interface Imagined {
  readonly classes?: readonly string[];
  readonly sequences?: number;
  readonly sites?: number;
  readonly examples?: number;
  readonly seed?: number;
}

/** What a validation of a fair model may look like, drawn by seed; its parts agree with each other. */
export function imaginedValidation(options: Imagined = {}): ValidationResult {
  const { classes = SERENGETI_CLASSES, sequences = 40_000, sites: siteCount = 120, examples = 12, seed = 1 } = options;
  const random = randomNumbers(seed);
  const empty = classes.indexOf('empty');
  const weights = classes.map((_, index) => (index === empty ? 3 : Math.exp(-6 * random()) * 0.25));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const confusion = classes.map((_, truth) => {
    const row = classes.map(() => 0);
    const all = Math.round((sequences * weights[truth]!) / sum);
    const skill = truth === empty ? 0.96 : 0.35 + 0.6 * random();
    for (let index = 0; index < all; index++) {
      const answer = random() < skill ? truth : random() < 0.5 ? empty : Math.floor(random() * classes.length);
      row[answer]!++;
    }
    return row;
  });
  const perClass = classes.map((className, index): ClassScore => {
    const held = confusion[index]!.reduce((total, cell) => total + cell, 0);
    const predicted = confusion.reduce((total, row) => total + row[index]!, 0);
    const right = confusion[index]![index]!;
    return {
      className,
      trainSequences: held * 3,
      sequences: held,
      predicted,
      precision: predicted === 0 ? null : right / predicted,
      recall: held === 0 ? null : right / held,
      averagePrecision: held === 0 ? null : (right / held) * 0.97,
    };
  });
  const total = perClass.reduce((all, score) => all + score.sequences, 0);
  const accuracy = perClass.reduce((all, score, index) => all + confusion[index]![index]!, 0) / Math.max(1, total);
  const near = (value: number, spread: number) => ({
    value,
    low: value * (1 - spread),
    high: Math.min(1, value * (1 + spread)),
  });
  return {
    seasons: ['S3'],
    classes,
    emptyClass: 'empty',
    sequences: total,
    frames: total,
    sites: siteCount,
    accuracy: near(accuracy, 0.02),
    top5: near(Math.min(1, accuracy * 1.06), 0.01),
    crossEntropy: { value: 0.51, low: 0.47, high: 0.56 },
    logLoss: { value: 0.0129, low: 0.0117, high: 0.0146 },
    logLossUncorrected: 0.0204,
    baselines: { uniform: 0.093, sampledPrior: 0.0484, truePrior: 0.032 },
    majorityAccuracy: (perClass[empty]?.sequences ?? 0) / Math.max(1, total),
    macroAveragePrecision: 0.61,
    blank: {
      accuracy: near(0.934, 0.01),
      precision: near(0.912, 0.02),
      recall: near(0.853, 0.03),
      averagePrecision: 0.957,
      found: 9000,
      missed: 1551,
      falseAlarms: 868,
      sortedOut: total - 11419,
    },
    thresholds: [0.95, 0.98, 0.99].map((target) => ({
      target,
      threshold: 0.4 * (1 - target),
      found: near(target, 0.01),
      skipped: near(12 * (1 - target), 0.1),
      skippedByDay: near(10 * (1 - target), 0.1),
      skippedByNight: near(14 * (1 - target), 0.2),
    })),
    knownSites: { sites: 100, sequences: total - 5000, accuracy: near(accuracy, 0.02), logLoss: near(0.0121, 0.1) },
    newSites: { sites: 20, sequences: 5000, accuracy: near(accuracy * 0.9, 0.05), logLoss: near(0.0196, 0.2) },
    perClass,
    confusion,
    perSeason: [{ name: 'S3', sequences: total, accuracy, logLoss: 0.0129 }],
    perSite: Array.from({ length: siteCount }, (_, index) => ({
      name: `${String.fromCharCode(66 + (index % 20))}${String(Math.floor(index / 20) + 1).padStart(2, '0')}`,
      sequences: Math.ceil(4 + 1200 * random() ** 3),
      accuracy: Math.max(0, Math.min(1, accuracy + (random() - 0.5) * 0.25)),
      logLoss: 0.008 + 0.02 * random(),
    })),
    calibration: {
      error: 0.041,
      bins: Array.from({ length: 15 }, (_, index) => ({
        from: index / 15,
        to: (index + 1) / 15,
        count: index < 2 ? 0 : Math.round(40 + 9000 * (index / 15) ** 8),
        confidence: (index + 0.5) / 15,
        accuracy: Math.max(0, (index + 0.5) / 15 - 0.06 * Math.sin((index / 15) * Math.PI)),
      })),
    },
    precisionRecall: perClass
      .filter((score) => score.sequences > 0)
      .map((score) => ({
        className: score.className,
        points: Array.from({ length: 30 }, (_, index): readonly [number, number] => {
          const recall = (index + 1) / 30;
          return [recall, Math.max(0.02, 1 - (1 - (score.averagePrecision ?? 0)) * 2 * recall ** 2)];
        }),
      })),
    errors: Array.from({ length: examples }, (_, index) => imaginedExample(classes, index, false, random)),
    hits: Array.from({ length: examples }, (_, index) => imaginedExample(classes, index, true, random)),
    review: Array.from({ length: examples }, (_, index) => imaginedExample(classes, index, false, random)),
    cautions: [
      '37 of 120 sites of the held-out season are also in the training seasons; on new sites the model may do worse.',
      '9 of 54 classes have fewer than 20 held-out sequences; their figures say little.',
    ],
  };
}

function imaginedExample(classes: readonly string[], index: number, hit: boolean, random: () => number): Example {
  const truth = classes[Math.floor(random() * classes.length)]!;
  const order = [...classes]
    .sort(() => random() - 0.5)
    .filter((name) => name !== truth)
    .slice(0, 5);
  const first = 0.99 - 0.02 * index * random();
  const top = (hit ? [truth, ...order.slice(0, 4)] : order).map((className, rank) => ({
    className,
    probability: rank === 0 ? first : (1 - first) / 2 ** rank,
  }));
  const frames = 1 + Math.floor(random() * 3);
  return {
    season: 'S3',
    site: `B0${1 + (index % 9)}`,
    sequence: `SER_S3#B0${1 + (index % 9)}#1#${100 + index}`,
    fileNames: Array.from(
      { length: frames },
      (_, frame) => `S3/B04/B04_R1/S3_B04_R1_PICT${1000 + index * 3 + frame}.JPG`,
    ),
    labels: [truth],
    top,
  };
}

export function imaginedHistory(epochs = 30): readonly EpochRecord[] {
  return Array.from({ length: epochs }, (_, index) => ({
    epoch: index + 1,
    loss: 0.45 + 1.6 * Math.exp(-index / 5),
    accuracy: 0.88 - 0.42 * Math.exp(-index / 5),
    monitorLoss: 0.62 + 1.3 * Math.exp(-index / 4) + 0.004 * index,
    monitorAccuracy: 0.81 - 0.35 * Math.exp(-index / 4),
    learningRate: 0.001,
    seconds: 1.4,
  }));
}

export function imaginedCounts(result: ValidationResult): PickCounts {
  const train = result.perClass.map(({ className, trainSequences }) => ({
    className,
    split: 'train' as const,
    before: trainSequences,
    after: className === result.emptyClass ? Math.round(trainSequences / 10) : trainSequences,
  }));
  const validation = result.perClass.map(({ className, sequences }) => ({
    className,
    split: 'validation' as const,
    before: sequences,
    after: sequences,
  }));
  const sum = (rows: readonly { before: number; after: number }[]) => ({
    before: rows.reduce((all, row) => all + row.before, 0),
    after: rows.reduce((all, row) => all + row.after, 0),
  });
  return {
    classes: [...train, ...validation],
    train: sum(train),
    validation: sum(validation),
    samplingRates: Object.fromEntries(result.classes.map((name) => [name, name === result.emptyClass ? 0.1 : 1])),
    dropped: [
      {
        split: 'train',
        reason: 'empty, beyond the share that is kept',
        sequences: sum(train).before - sum(train).after,
      },
    ],
    sharedSites: ['B01', 'B02', 'C04'],
  };
}

export function imaginedCard(result: ValidationResult): ModelCard {
  const all = result.perClass.reduce((sum, score) => sum + score.trainSequences, 0);
  return {
    format: 1,
    backbone: 'efficientnet-lite0',
    weightsSha256: '579344248a93e230'.padEnd(64, '0'),
    featureWidth: 1280,
    preprocessing: { width: 224, height: 224, channels: 'RGB', fit: 'stretch' },
    classes: result.classes,
    emptyClass: result.emptyClass,
    output: 'softmax',
    pooling: 'mean',
    framesPerSequence: 'first',
    samplingRates: { [result.emptyClass]: 0.1 },
    priors: result.perClass.map((score) => score.trainSequences / Math.max(1, all)),
    trainSeasons: ['S1', 'S2'],
    signature: { name: 'serving_default', input: 'images', output: 'probabilities' },
  };
}

export function imaginedRun(): RunFacts {
  return {
    run: 'train-lila-2026-11-24',
    createdAt: '2026-11-24T09:12:30.000Z',
    input: { catalog: 'lila', trainSeasons: ['S1', 'S2'], validationSeasons: ['S3'], seed: 1 },
    catalog: {
      name: 'snapshot-serengeti',
      licence: 'CDLA-Permissive-1.0',
      citation: 'Swanson et al. 2015, doi 10.1038/sdata.2015.26',
    },
    steps: [
      { step: 'catalog', seconds: 0.2, parts: 1, reused: 0 },
      { step: 'download', seconds: 4211, parts: 3, reused: 1 },
      { step: 'index', parts: 3, reused: 3 },
      { step: 'features', seconds: 912.3, parts: 240, reused: 80 },
      { step: 'train', seconds: 44.1, parts: 1, reused: 0 },
    ],
    artifacts: [
      {
        kind: 'index',
        key: 'a'.repeat(64),
        bytes: 4_300_000,
        reused: true,
        note: 'S1',
      },
      { kind: 'model', key: 'b'.repeat(64), bytes: 19_300_000, reused: false },
    ],
    versions: { serengeti: '0.1.0', node: '20.20.2', TensorFlow: '2.21.0' },
    frames: { seen: 812_400, reused: 270_100, truncated: 14, unreadable: 3 },
    bytesFetched: 81_400_000_000,
    bytesSaved: 1_020_000_000_000,
    machine: 'AMD EPYC, 2 cores',
  };
}

export function imaginedCheck(): SubmissionCheck {
  return {
    sequences: 24,
    programs: [
      {
        program: 'main.mjs',
        runtime: 'TensorFlow 2.21.0',
        seconds: 4.1,
        frames: 24,
        framesPerSecond: 61.2,
        projectedHours: 0.85,
      },
      {
        program: 'main.py',
        runtime: 'TensorFlow 2.21.0',
        seconds: 6.3,
        frames: 24,
        framesPerSecond: 30.4,
        projectedHours: 1.71,
      },
    ],
    agreement: { largestDifference: 0.0031, sameTop: 1 },
    projectedFrames: 187_419,
  };
}
