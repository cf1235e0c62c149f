import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { produce, openStore } from '../../lib/store';
import { photograph, writeTinyClassifier } from '../lib/model/support';
import { temporaryFolder } from '../support/folders';
import { Program } from './support/processes';

const folder = temporaryFolder();
const storeUri = () => pathToFileURL(join(folder(), 'store', '/')).href;

async function predict(...options: readonly string[]) {
  const parameters = ['predict', join(folder(), 'photographs'), '--output', join(folder(), 'out'), ...options];
  const program = new Program(parameters, { SERENGETI_STORE: storeUri() });
  const exitCode = await program.ended();
  return { exitCode, output: program.output };
}

async function put(file: string, bytes: Buffer | string): Promise<void> {
  const path = join(folder(), 'photographs', file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function taken(number: number, time: string): Promise<Buffer> {
  const image = sharp(await photograph(number, 640, 480)).withExif({ IFD2: { DateTimeOriginal: time } });
  return await image.jpeg().toBuffer();
}

async function trainTinyModel(): Promise<void> {
  await produce(openStore(storeUri()), {
    recipe: { kind: 'model', step: 'trainHead', version: 1, params: {}, inputs: [] },
    work: async (draft) => {
      await writeTinyClassifier(draft.path('.'));
      return {};
    },
  });
}

async function results() {
  const table = parse<Record<string, string>>(await readFile(join(folder(), 'out', 'predictions.csv')), {
    columns: true,
  });
  const json = JSON.parse(await readFile(join(folder(), 'out', 'predictions.json'), 'utf8')) as {
    images: { file: string; failure?: string; detections: object[] | null }[];
  };
  return { table, images: json.images };
}

beforeEach(async () => {
  await put('river/one.JPG', await taken(1, '2024:05:01 06:00:00'));
  await put('river/two.JPG', await taken(2, '2024:05:01 06:00:03'));
  await put('river/later.JPG', await taken(3, '2024:05:01 09:00:00'));
  await put(
    'hill/portrait.png',
    await sharp(await photograph(4))
      .png()
      .toBuffer(),
  );
  await put('hill/cut.jpg', await photograph(5, 640, 480));
  await truncate(join(folder(), 'photographs', 'hill', 'cut.jpg'), 6000);
  await put('hill/broken.jpg', 'not a photograph');
  await put('hill/empty.jpg', '');
  await put('notes.txt', 'not looked at');
});

describe('serengeti predict', () => {
  test('without a model says how to come by one', async () => {
    const { exitCode, output } = await predict();
    expect(exitCode).toBe(1);
    expect(output).toMatch(/has no model\nTrain one with .*--model.* \(MODEL_MISSING\)/);
  });

  test('labels the good of a folder of good and broken photographs, and lists the broken', async () => {
    await trainTinyModel();
    const { exitCode, output } = await predict();
    expect(output).toContain('7 photographs in 4 sequences');
    expect(output).toContain('4 photographs looked at: as many of each sequence as in training');
    expect(output).toContain('1 file ended early');
    expect(output).toContain('2 files could not be read');
    expect(exitCode).toBe(0);

    const { table, images } = await results();
    const rows = Object.fromEntries(table.map((row) => [row.file, row]));
    expect(Object.keys(rows).sort()).toEqual([
      'hill/broken.jpg',
      'hill/cut.jpg',
      'hill/empty.jpg',
      'hill/portrait.png',
      'river/later.JPG',
      'river/one.JPG',
      'river/two.JPG',
    ]);
    for (const { failure, label } of table) expect(failure === '').toBe(['empty', 'impala', 'zebra'].includes(label!));
    expect(rows['hill/broken.jpg']!.failure).not.toBe('');
    expect(rows['hill/empty.jpg']!.failure).not.toBe('');
    expect(rows['river/two.JPG']!.sequence).toBe('river/one.JPG');
    expect(rows['river/later.JPG']!.sequence).toBe('river/later.JPG');
    expect(images.filter(({ failure }) => failure !== undefined).map(({ file }) => file)).toEqual([
      'hill/broken.jpg',
      'hill/empty.jpg',
    ]);
    expect(images.every(({ failure, detections }) => (failure === undefined) === (detections !== null))).toBe(true);
  });

  test('run again, looks at new and failed photographs only', async () => {
    await trainTinyModel();
    await predict();
    await put('hill/broken.jpg', await photograph(6, 640, 480));
    const { output } = await predict();
    expect(output).toContain('4 photographs predicted earlier');
    expect(output).toContain('1 file could not be read');
    await rm(join(folder(), 'out'), { recursive: true });
    const { output: anew } = await predict();
    expect(anew).not.toContain('predicted earlier');
  });
});
