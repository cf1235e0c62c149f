import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { serengetiHome } from '../lib/io/home';
import { extractArchives, FRAMES_FOLDER } from '../lib/seasons';
import { compare } from '../lib/submission/check';
import { runProgram } from '../lib/submission/program';
import { writeSampleData } from '../lib/submission/sample';
import { parseSubmission } from '../lib/submission/submissionCsv';
import type { BenchReport } from './harness';

const MOST_DIFFERENCE = 0.02;
const PHOTOGRAPHS = ['.jpg', '.jpeg', '.png'];

type Command = readonly [string, string];

/**
 * How far the programs of a submission agree: `npm run bench -- agreement submission.zip FOLDER…`. Every photograph of a
 * folder is a sequence of its own; `main.py` runs on the Pythons that set-up made for the tests.
 */
export async function run([zip, ...folders]: readonly string[]): Promise<BenchReport> {
  if (zip === undefined || folders.length === 0) throw new Error('Name a submission.zip and folders of photographs.');
  const pythons = ['python', 'python36']
    .map((name) => join(serengetiHome(), name, 'bin', 'python'))
    .filter((path) => existsSync(path));
  if (pythons.length === 0) throw new Error('There is no Python with TensorFlow: run `npm run setup -- --test`.');
  const root = await mkdtemp(join(tmpdir(), 'serengeti-agreement-'));
  try {
    await extractArchives({ archives: [zip], directory: root });
    const versions = await Promise.all(pythons.map(versionsOf));
    const rows: string[][] = [['photographs', ...versions]];
    const differences: number[] = [];
    for (const folder of folders) {
      const { photographs, node, others } = await answersOf(join(root, FRAMES_FOLDER), folder, pythons);
      const agreements = others.map((other) => compare(node, other));
      differences.push(...agreements.map(({ largestDifference }) => largestDifference));
      const cells = agreements.map(
        ({ largestDifference, sameTop }) => `${largestDifference.toFixed(4)}, ${(100 * sameTop).toFixed(1)} %`,
      );
      rows.push([`${photographs} of ${folder}`, ...cells]);
    }
    const worst = Math.max(...differences) / MOST_DIFFERENCE;
    return { rows, ratios: { 'largest difference / 0.02': Number(worst.toFixed(3)) } };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function answersOf(submission: string, folder: string, pythons: readonly string[]) {
  const names = (await readdir(folder)).filter((name) => PHOTOGRAPHS.includes(extname(name).toLowerCase())).sort();
  const sample = names.map((fileName) => ({
    sequence: fileName,
    frames: [{ fileName, read: () => readFile(join(folder, fileName)) }],
  }));
  const classes = (await readFile(join(submission, 'assets', 'labels.txt'), 'utf8')).trimEnd().split('\n');
  const format = await writeSampleData(join(submission, 'data'), sample, classes);
  const answers: number[][][] = [];
  const commands: Command[] = [[process.execPath, 'main.mjs'], ...pythons.map((path): Command => [path, 'main.py'])];
  for (const command of commands) {
    await runProgram(command, submission);
    answers.push(parseSubmission(await readFile(join(submission, 'submission.csv'), 'utf8'), format));
  }
  await rm(join(submission, 'data'), { recursive: true });
  const [node = [], ...others] = answers;
  return { photographs: names.length, node, others };
}

const VERSIONS = `import sys, tensorflow, PIL
print('Python %d.%d.%d, TensorFlow %s, Pillow %s' % (sys.version_info[:3] + (tensorflow.__version__, PIL.__version__)))`;

async function versionsOf(python: string): Promise<string> {
  const { output } = await runProgram([python, '-W', 'ignore', '-c', VERSIONS], tmpdir());
  return output.trim().split('\n').at(-1) ?? python;
}
