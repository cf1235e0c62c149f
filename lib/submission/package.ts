import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../contracts/errors';
import type { ModelCard } from '../contracts/model';
import type { WorkOptions } from '../contracts/progress';
import type { SubmissionSummary } from '../contracts/steps';
import type { ValidationResult } from '../contracts/validation';
import { listFiles, pathExists } from '../io/files';
import { writeZip, type ZipEntry } from '../zip/writeZip';
import { checkedText, checkSubmission } from './check';
import { modelCardText, type DataFacts } from './modelCard';
import type { SampleSequence } from './sample';

export interface SubmissionOptions {
  /** Folder with `saved_model/`, `model.json` and `labels.txt`. */
  readonly modelDirectory: string;
  readonly data: DataFacts;
  readonly validation?: ValidationResult;
  /** Held-out sequences to try the submission on. Absent: it is packed without being tried. */
  readonly sample?: readonly SampleSequence[];
  /** Folder that gets `submission.zip` and `check.json`. */
  readonly directory: string;
}

const PROGRAMS = ['main.py', 'main.mjs'] as const;

/**
 * Packs a model and the programs that run it: `main.py` at the root, the model under `assets/`, no folder around them.
 * The same model gives the same bytes, on any machine. Then runs them in a clean folder on the sample.
 *
 * @throws SerengetiError MODEL_INVALID when a part of the model is missing or they disagree; SUBMISSION_INVALID when
 *   what was packed does not run or does not match the format
 */
export async function packageSubmission(
  options: SubmissionOptions,
  work: WorkOptions = {},
): Promise<SubmissionSummary> {
  const card = await readModelCard(options.modelDirectory);
  const path = join(options.directory, 'submission.zip');
  const hash = createHash('sha256');
  const zipBytes = await writeZip(path, await entriesOf(options, card), { ...work, hash });
  const checked =
    options.sample === undefined
      ? 'not run'
      : checkedText(
          await checkSubmission({ zip: path, sample: options.sample, card, directory: options.directory }, work),
        );
  return { zipBytes, sha256: hash.digest('hex'), checked };
}

async function entriesOf(
  { modelDirectory, data, validation }: SubmissionOptions,
  card: ModelCard,
): Promise<ZipEntry[]> {
  const programs = PROGRAMS.map((name) => ({ name, source: { path: join(__dirname, 'programs', name) } }));
  const model = (await listFiles(join(modelDirectory, 'saved_model'))).map((name) => `saved_model/${name}`);
  const assets = [...model, 'model.json', 'labels.txt'].map((name) => ({
    name: `assets/${name}`,
    source: { path: join(modelDirectory, name) },
  }));
  const text = modelCardText({ card, data, validation });
  return [...programs, ...assets, { name: 'assets/model-card.md', source: { text } }];
}

async function readModelCard(modelDirectory: string): Promise<ModelCard> {
  for (const name of ['model.json', 'labels.txt', 'saved_model/saved_model.pb']) {
    if (await pathExists(join(modelDirectory, name))) continue;
    throw new SerengetiError('MODEL_INVALID', `The model in ${modelDirectory} has no ${name}`);
  }
  const card = JSON.parse(await readFile(join(modelDirectory, 'model.json'), 'utf8')) as ModelCard;
  const labels = (await readFile(join(modelDirectory, 'labels.txt'), 'utf8')).trimEnd().split('\n');
  if (labels.length !== card.classes.length || labels.some((label, index) => label !== card.classes[index])) {
    throw new SerengetiError('MODEL_INVALID', `labels.txt and model.json in ${modelDirectory} name different classes`);
  }
  return card;
}
