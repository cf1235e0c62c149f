import { join } from 'node:path';
import type { Calibration, EpochRecord, HeadChoice } from '../../contracts/model';
import type { WorkOptions } from '../../contracts/progress';
import { isCalibrated, type TrainingOptions } from '../../contracts/runInput';
import { scratchPath, writeFileAtomic } from '../../io/files';
import type { FeatureRows } from '../features/table';
import { Examples } from '../learning/examples';
import { Turns } from '../learning/turns';
import { Random } from '../random';
import { calibratedLoss, calibrationFor, priorLoss } from './calibrate';
import { chooseHead, type Choice } from './choose';
import { CrossValidation, describe, type Candidate } from './crossValidation';
import { FeatureBlocks } from './featureBlocks';
import { FitCheckpoint } from './fitCheckpoint';
import { foldsOf } from './folds';
import { initialHead, type Head } from './head';
import { begin, isConverged, iterate } from './lbfgs';
import { parametersOf } from './learner';
import type { Scoring } from './leftOut';
import { Metric } from './metric';
import { headAt, PenalisedLoss, type HeadForm } from './penalisedLoss';
import type { TrainingSet } from './trainingSet';

/** More frames than this say nothing new of the penalty: the choice is made on whole sequences drawn from them. */
const CHOICE_ROWS = 32_768;
/** With fewer sequences nothing can be left out. */
const FEWEST_SEQUENCES = 10;
/** What a head is held back by where nothing can be chosen. */
const UNCHOSEN: Candidate = { hidden: [], whitened: false, penalty: 300 };
const TOLERANCE = 3e-4;
const MOST_ITERATIONS = 1000;
/** Purpose of a random generator: see {@link Random}. */
const CHOICE = 8;

export interface FitInput {
  readonly table: FeatureRows;
  /** Of the table, ascending. */
  readonly rows: Uint32Array;
  readonly options: TrainingOptions;
  readonly scoring: Scoring;
  readonly seed: number;
  readonly directory: string;
  readonly memoryBytes: number;
}

export interface FittedHead {
  readonly head: Head;
  readonly history: readonly EpochRecord[];
  /** Of these parameters, on what they learned from. */
  readonly loss: number;
  readonly calibration?: Calibration;
}

/**
 * The head that makes the loss least under a penalty which cross-validation chooses. Same rows, classes and seed: same
 * head, however often it was stopped on the way. Files: `choice.json` ({@link HeadChoice}).
 */
export async function fitHead(input: FitInput, work: WorkOptions): Promise<FittedHead> {
  const turns = new Turns(work.signal);
  const { chosen, calibration } = (await choose(input, work, turns)) ?? { chosen: UNCHOSEN };
  const fitted = await fit(input, chosen, work, turns);
  return { ...fitted, ...(calibration && { calibration }) };
}

async function choose(input: FitInput, work: WorkOptions, turns: Turns) {
  const { table, rows, seed, directory, scoring, options, memoryBytes } = input;
  const sample = sampled(table, rows, seed);
  const folds = foldsOf(table, sample, seed);
  if (countSequences(table, sample) < FEWEST_SEQUENCES) {
    const message = `Fewer than ${FEWEST_SEQUENCES} training sequences: the penalty is not chosen, nothing is calibrated`;
    work.onWarning?.({ message });
    return undefined;
  }
  const blocks = await FeatureBlocks.open(table, sample, { memoryBytes, turns });
  const validation = new CrossValidation(
    {
      table,
      blocks,
      folds,
      scoring,
      trainingSet: trainingSetOf(input, blocks),
      formOf: (hidden) => formOf(input, hidden),
      startOf: (form) => startOf(form, input, sample),
      folder: scratchPath(directory, 'choice'),
    },
    turns,
  );
  try {
    const choice = await chooseHead(validation, folds, work);
    const calibration = isCalibrated(options) ? await calibrationFor(choice.leftOut, scoring, work) : undefined;
    await writeFileAtomic(
      join(directory, 'choice.json'),
      `${JSON.stringify(summaryOf(choice, input, calibration), null, 2)}\n`,
    );
    return { chosen: choice.chosen, calibration };
  } finally {
    validation.dispose();
    blocks.dispose();
  }
}

function summaryOf(
  { summary, leftOut }: Choice,
  { scoring: { output, priors } }: FitInput,
  calibration: Calibration | undefined,
): HeadChoice {
  return {
    ...summary,
    leftOut: {
      sequences: leftOut.sequences.length,
      logLoss: calibratedLoss(leftOut, output, calibration),
      priorLogLoss: priorLoss(leftOut, priors),
    },
    ...(calibration && { calibration }),
  };
}

async function fit(input: FitInput, candidate: Candidate, work: WorkOptions, turns: Turns) {
  const { table, rows, directory, memoryBytes } = input;
  const form = formOf(input, candidate.hidden);
  const checkpoint = new FitCheckpoint(scratchPath(directory, 'checkpoint'));
  const blocks = await FeatureBlocks.open(table, rows, { memoryBytes, turns });
  const trainingSet: TrainingSet = { ...trainingSetOf(input, blocks), isLearned: () => true };
  const metric = candidate.whitened ? await Metric.within(trainingSet, turns) : undefined;
  try {
    const loss = new PenalisedLoss(form, trainingSet, { penalty: candidate.penalty, metric }, turns);
    const objective = (point: Float32Array) => loss.evaluate(point);
    const kept = await checkpoint.read(work.onWarning);
    let state = kept?.state ?? (await begin(objective, startOf(form, input, rows)));
    const history: EpochRecord[] = [...(kept?.history ?? [])];
    const report = () =>
      work.onProgress?.({
        done: history.length,
        unit: 'epochs',
        reused: kept?.history.length ?? 0,
        note: `${describe(candidate)}: loss ${state.value.toFixed(4)}`,
      });
    report();
    while (!isConverged(state, TOLERANCE) && state.iterations < MOST_ITERATIONS) {
      work.signal?.throwIfAborted();
      const started = performance.now();
      state = await iterate(objective, state);
      if (state.isExhausted) break;
      history.push({
        epoch: history.length + 1,
        loss: state.value,
        accuracy: loss.accuracy,
        learningRate: state.stepLength,
        seconds: (performance.now() - started) / 1000,
      });
      report();
      await checkpoint.write({ state, history });
    }
    return { head: headAt(form, state.point, blocks.standardisation, metric), history, loss: state.value };
  } finally {
    metric?.dispose();
    blocks.dispose();
  }
}

function trainingSetOf({ table, options, scoring }: FitInput, blocks: FeatureBlocks): Omit<TrainingSet, 'isLearned'> {
  return {
    blocks,
    examples: new Examples(table, scoring.classes.length, blocks.rows, options),
    sequences: countSequences(table, blocks.rows),
  };
}

function formOf({ table, scoring }: FitInput, hidden: readonly number[]): HeadForm {
  return { widths: [table.width, ...hidden, scoring.classes.length], output: scoring.output };
}

/** No weights without a hidden layer, random ones with it; the last biases at the logits of the class frequencies. */
function startOf(form: HeadForm, { table, options, scoring, seed }: FitInput, rows: Uint32Array): Float32Array {
  const start = initialHead(form.widths, form.output, seed);
  const parameters = parametersOf(start);
  if (form.widths.length === 2) parameters[0]!.fill(0);
  const classes = scoring.classes.length;
  const targets = new Examples(table, classes, rows, options).frequencies();
  const sequences = countSequences(table, rows);
  parameters.at(-1)!.set(
    targets.map((frequency) => {
      const p = (frequency * sequences + 0.5 / classes) / (sequences + 0.5);
      return Math.log(form.output === 'softmax' ? p : p / (1 - p));
    }),
  );
  const point = new Float32Array(parameters.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const parameter of parameters) {
    point.set(parameter, filled);
    filled += parameter.length;
  }
  return point;
}

/** All rows, or those of whole sequences drawn by seed, as many as the choice takes. */
function sampled(table: FeatureRows, rows: Uint32Array, seed: number): Uint32Array {
  if (rows.length <= CHOICE_ROWS) return rows;
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(table.sequenceOf(row), (counts.get(table.sequenceOf(row)) ?? 0) + 1);
  const sequences = [...counts.keys()];
  const drawn = new Set<number>();
  let count = 0;
  for (const position of new Random(seed, CHOICE).permutation(sequences.length)) {
    const sequence = sequences[position]!;
    if (count + counts.get(sequence)! > CHOICE_ROWS) break;
    drawn.add(sequence);
    count += counts.get(sequence)!;
  }
  return rows.filter((row) => drawn.has(table.sequenceOf(row)));
}

function countSequences(table: FeatureRows, rows: Uint32Array): number {
  return new Set(Array.from(rows, (row) => table.sequenceOf(row))).size;
}
