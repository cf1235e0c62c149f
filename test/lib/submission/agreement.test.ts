import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { serengetiHome } from '../../../lib/io/home';
import { assembleModel, backbones, locateWeights } from '../../../lib/model';
import { initialHead } from '../../../lib/model/head/head';
import { compare } from '../../../lib/submission/check';
import { csvText, formatCsv, parseSubmission } from '../../../lib/submission/submissionCsv';
import { SERENGETI_CLASSES } from '../report/support/validation';
import { COLOUR_CARD } from './support/colourModel';
import { run, runners } from './support/programs';

const PROGRAMS = join(__dirname, '../../../lib/submission/programs');
/** The photographs that set-up brings, and the first of their variants: whole, and larger than the model's input. */
const LARGE = 26;
const PHOTOGRAPHS = join(serengetiHome(), 'native', 'photographs');

let folder: string;
let names: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-agreement-'));
  for (const name of await readdir(PROGRAMS)) await cp(join(PROGRAMS, name), join(folder, name));
  await writeModel(join(folder, 'assets'));
  names = await writePhotographs(join(folder, 'data'));
  const sequences = names.map((name) => name.replace('.JPG', ''));
  const rows = names.map((name, index) => [sequences[index]!, name]);
  await writeFile(join(folder, 'data', 'test_metadata.csv'), csvText([['seq_id', 'file_name'], ...rows]));
  const format = { index: 'seq_id', sequences, columns: SERENGETI_CLASSES };
  await writeFile(join(folder, 'data', 'submission_format.csv'), formatCsv(format));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** EfficientNet-Lite0 with a head that nobody trained, and so steep that small differences of the pixels show. */
async function writeModel(directory: string): Promise<void> {
  const card = {
    ...COLOUR_CARD,
    classes: SERENGETI_CLASSES,
    priors: SERENGETI_CLASSES.map(() => 1 / SERENGETI_CLASSES.length),
    featureWidth: 1280,
    preprocessing: { ...COLOUR_CARD.preprocessing, width: 224, height: 224 },
  };
  const head = initialHead([1280, SERENGETI_CLASSES.length], 'softmax', 1);
  for (const { kernel } of head.layers) kernel.forEach((weight, index) => (kernel[index] = 6 * weight));
  const { path: weightsPath } = await locateWeights(backbones['efficientnet-lite0']);
  await assembleModel({ card, head, weightsPath, pooling: 'average', directory });
}

/** Real photographs, and what cameras and people make of them. */
async function writePhotographs(directory: string): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const files = (await readdir(PHOTOGRAPHS)).filter((name) => name.endsWith('.jpg')).sort();
  const photographs = await Promise.all(files.map((name) => readFile(join(PHOTOGRAPHS, name))));
  const large = (index: number) => sharp(photographs[index]).resize(2048, 1536, { fit: 'fill' });
  const variants = [
    ...photographs,
    await large(0).jpeg({ quality: 85 }).toBuffer(),
    await large(1).jpeg({ quality: 60, chromaSubsampling: '4:4:4', progressive: true }).toBuffer(),
    await large(2).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    await large(3).withMetadata({ orientation: 3 }).jpeg().toBuffer(),
    await large(4).greyscale().jpeg().toBuffer(),
    await large(5).resize(1023, 767, { fit: 'fill' }).jpeg().toBuffer(),
    await large(6).resize(400, 180, { fit: 'fill' }).jpeg().toBuffer(),
    await large(7).resize(100, 75, { fit: 'fill' }).jpeg().toBuffer(),
    await sharp(photographs[8]).png().toBuffer(),
    (await large(9).jpeg().toBuffer()).subarray(0, 90_000),
  ];
  const named = variants.map((_, index) => `photograph-${String(index).padStart(2, '0')}.JPG`);
  for (const [index, data] of variants.entries()) await writeFile(join(directory, named[index]!), data);
  return named;
}

test('Node and every Python give the same answers', async () => {
  const format = {
    index: 'seq_id',
    sequences: names.map((name) => name.replace('.JPG', '')),
    columns: SERENGETI_CLASSES,
  };
  const answers: number[][][] = [];
  for (const runner of runners()) {
    const { status, log } = await run(runner, folder);
    expect({ runner: runner.name, status, log }).toMatchObject({
      status: 0,
      log: expect.stringContaining(' 0 unreadable'),
    });
    answers.push(parseSubmission(await readFile(join(folder, 'submission.csv'), 'utf8'), format));
  }
  const [node = [], ...pythons] = answers;
  expect(pythons.length).toBeGreaterThan(0);
  for (const python of pythons) {
    const { largestDifference, sameTop } = compare(node, python);
    expect(largestDifference).toBeLessThan(0.02);
    expect(sameTop).toBe(1);
    // Of whole photographs larger than the model's input every pixel is the same.
    expect(compare(node.slice(0, LARGE), python.slice(0, LARGE)).largestDifference).toBeLessThan(1e-4);
  }
  // The model is steep enough for the test to mean something.
  const tops = node.map((row) => Math.max(...row));
  expect(tops.filter((top) => top > 0.2 && top < 0.9).length).toBeGreaterThan(names.length / 4);
});
