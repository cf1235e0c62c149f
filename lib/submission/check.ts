import { formatCount } from '../contracts/format';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerengetiError } from '../contracts/errors';
import type { ModelCard } from '../contracts/model';
import type { WorkOptions } from '../contracts/progress';
import type { Agreement, ProgramCheck, SubmissionCheck } from '../contracts/submission';
import { extractArchives, FRAMES_FOLDER } from '../seasons';
import { writeFileAtomic } from '../io/files';
import { findPython, runProgram } from './program';
import { writeSampleData, type SampleSequence } from './sample';
import { parseSubmission, type SubmissionFormat } from './submissionCsv';

export interface CheckOptions {
  /** `submission.zip`. */
  readonly zip: string;
  /** A handful of held-out sequences. */
  readonly sample: readonly SampleSequence[];
  readonly card: ModelCard;
  /** Folder that gets `check.json`. */
  readonly directory: string;
  /** Python with TensorFlow, NumPy and Pillow. @default `SERENGETI_PYTHON`, else what set-up made for the tests */
  readonly python?: string;
}

/** Season 11 of Snapshot Serengeti, which the competition's test set was taken from. */
const TEST_SEASON = { frames: 497_050, sequences: 187_419 } as const;

/**
 * Unpacks a submission into a clean folder, lays sample data beside it, and runs what it packs: `main.mjs` always,
 * `main.py` where there is a Python with TensorFlow. Writes `check.json`.
 *
 * @throws SerengetiError SUBMISSION_INVALID when a program fails or its submission.csv does not match the format
 */
export async function checkSubmission(options: CheckOptions, work: WorkOptions = {}): Promise<SubmissionCheck> {
  const folder = await mkdtemp(join(tmpdir(), 'serengeti-submission-'));
  try {
    const root = await unpack(options.zip, folder, work);
    const format = await writeSampleData(join(root, 'data'), options.sample, options.card.classes);
    const check = await runAll(root, format, options, work);
    await writeFileAtomic(join(options.directory, 'check.json'), `${JSON.stringify(check, null, 2)}\n`);
    return check;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `SubmissionSummary.checked` says: `ran on 24 sequences: main.mjs with TensorFlow 2.21.0, 61.2 frames/s, …`. */
export function checkedText({ programs, sequences, projectedFrames }: SubmissionCheck): string {
  const runs = programs.map(({ program, runtime, framesPerSecond, projectedHours }) => {
    return `${program} with ${runtime}, ${framesPerSecond.toFixed(1)} frames/s, ${projectedHours.toFixed(1)} h`;
  });
  const budget = `for the test set of ${formatCount(projectedFrames)} frames`;
  return `ran on ${sequences} sequences: ${runs.join('; ')} ${budget}`;
}

async function unpack(zip: string, folder: string, { signal }: WorkOptions): Promise<string> {
  const { rejected } = await extractArchives({ archives: [zip], directory: folder }, { signal });
  if (rejected > 0) throw new SerengetiError('SUBMISSION_INVALID', `${zip}: ${rejected} entries cannot be unpacked`);
  return join(folder, FRAMES_FOLDER);
}

async function runAll(
  root: string,
  format: SubmissionFormat,
  { card, python }: CheckOptions,
  work: WorkOptions,
): Promise<SubmissionCheck> {
  const interpreter = python ?? (await findPython(work.signal));
  const commands: [ProgramCheck['program'], string][] = [['main.mjs', process.execPath]];
  if (interpreter !== undefined) commands.push(['main.py', interpreter]);
  const projectedFrames = framesOfTestSet(card);
  const programs: ProgramCheck[] = [];
  const predictions: number[][][] = [];
  for (const [program, runner] of commands) {
    work.onProgress?.({ done: programs.length, total: commands.length, unit: 'steps', note: program });
    const { seconds, output } = await runProgram([runner, program], root, work.signal);
    predictions.push(await takeSubmission(root, program, format));
    programs.push({ program, seconds, ...measured(output, program, projectedFrames) });
  }
  work.onProgress?.({ done: commands.length, total: commands.length, unit: 'steps' });
  const [first, second] = predictions;
  const agreement = first && second ? { agreement: compare(first, second) } : {};
  return { sequences: format.sequences.length, programs, ...agreement, projectedFrames };
}

/** The next program must not find what this one left. */
async function takeSubmission(root: string, program: string, format: SubmissionFormat): Promise<number[][]> {
  const path = join(root, 'submission.csv');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SerengetiError('SUBMISSION_INVALID', `${program} wrote no submission.csv`, { cause });
  });
  await rm(path);
  return parseSubmission(text, format);
}

function measured(output: string, program: string, projectedFrames: number) {
  const [, frames, seconds] = /(\d+) frames in ([\d.]+) s/.exec(output) ?? [];
  const runtime = /TensorFlow [\d.]+/.exec(output)?.[0];
  if (frames === undefined || seconds === undefined || runtime === undefined) {
    throw new SerengetiError('SUBMISSION_INVALID', `${program} does not say how fast it was:\n${output}`);
  }
  const framesPerSecond = Number(frames) / Math.max(Number(seconds), 0.01);
  const projectedHours = framesPerSecond === 0 ? 0 : projectedFrames / framesPerSecond / 3600;
  return { runtime, frames: Number(frames), framesPerSecond, projectedHours };
}

function framesOfTestSet({ framesPerSequence }: ModelCard): number {
  if (framesPerSequence === 'all') return TEST_SEASON.frames;
  const each = framesPerSequence === 'first' ? 1 : framesPerSequence;
  return Math.min(TEST_SEASON.frames, each * TEST_SEASON.sequences);
}

/** How far two tables of probabilities are apart. */
export function compare(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): Agreement {
  let largestDifference = 0;
  let same = 0;
  a.forEach((row, index) => {
    const other = b[index] ?? [];
    row.forEach((value, column) => {
      largestDifference = Math.max(largestDifference, Math.abs(value - (other[column] ?? Infinity)));
    });
    if (top(row) === top(other)) same++;
  });
  return { largestDifference, sameTop: a.length === 0 ? 1 : same / a.length };
}

function top(row: readonly number[]): number {
  return row.indexOf(Math.max(...row));
}
