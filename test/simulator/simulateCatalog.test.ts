import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { catalogSchema } from '../../lib/contracts/catalog';
import type { Progress } from '../../lib/contracts/progress';
import { simulateCatalog, withMirrors, type Simulation, type SimulationRequest } from '../../simulator';
import { listFiles } from '../../lib/io/files';

/** Small enough to be drawn in a second or two, large enough to have every rare case. */
const SMALL: SimulationRequest = { sequences: 20, sites: 3, width: 192, height: 144, testSequences: 3 };

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'simulate-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Digests of all files, by relative name. The stamp tells the same and is compared too. */
async function digests(folder: string): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const name of await listFiles(folder)) {
    result[name] = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
  }
  return result;
}

/** Runs Python, whose zipfile and json wrote LILA's files, over a file and reads what it prints as JSON. */
function python<T>(program: string, ...parameters: string[]): T {
  const output = execFileSync('python3', ['-c', program, ...parameters], { maxBuffer: 1 << 28 });
  return JSON.parse(output.toString()) as T;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly time: number[];
  readonly extra: number;
}

const readZip = (path: string): { broken: string | null; entries: Entry[] } =>
  python(
    `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({'broken': z.testzip(), 'entries': [{'name': i.filename, 'method': i.compress_type, 'crc': i.CRC,
  'size': i.file_size, 'time': list(i.date_time), 'extra': len(i.extra)} for i in z.infolist()]}))`,
    path,
  );

interface Coco {
  readonly member: string;
  readonly text: string;
  readonly categories: { id: number; name: string }[];
  readonly images: {
    id: string;
    file_name: string;
    frame_num: number;
    seq_id: string;
    width: number;
    height: number;
    corrupt: boolean;
    location: string;
    seq_num_frames: number;
    datetime: string;
  }[];
  readonly annotations: {
    id: string;
    sequence_level_annotation: boolean;
    category_id: number;
    seq_id: string;
    season: string;
    image_id: string;
    count: string;
    location: string;
  }[];
}

/** NaN becomes the text "NaN" on its way here. */
const readCoco = (path: string): Coco =>
  python(
    `import json, math, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
(member,) = z.namelist()
text = z.read(member).decode()
data = json.loads(text, parse_constant=lambda name: name)
print(json.dumps({'member': member, 'text': text[:400], **{k: data[k] for k in ('categories', 'images', 'annotations')}}))`,
    path,
  );

async function readCsv(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
}

async function entryBytes(archive: string, name: string): Promise<Buffer> {
  return execFileSync('unzip', ['-p', archive, name], { maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('options', () => {
  test('all problems are told at once, and nothing is written', async () => {
    const folder = await newFolder();
    const request: SimulationRequest = { sequences: 0, seasons: ['S1', 'S1'], quality: 101, species: 99 };
    const failure = await simulateCatalog(folder, request).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'INPUT_INVALID' });
    const { message } = failure as Error;
    for (const field of ['sequences', 'quality', 'species']) expect(message).toContain(field);
    expect(await readdir(folder)).toEqual([]);
    await expect(simulateCatalog(folder, { seasons: ['S1', 'S1'] })).rejects.toThrow('a season occurs twice');
    await expect(simulateCatalog(folder, { seasons: ['Winter'] })).rejects.toThrow('"S" and a number');
  });
});

describe('a simulated season', () => {
  let simulation: Simulation;
  let archive: string;
  let coco: Coco;
  let zip: ReturnType<typeof readZip>;

  beforeAll(async () => {
    simulation = await simulateCatalog(await newFolder(), { ...SMALL, wrongLabels: 0.3 });
    const [season] = simulation.seasons;
    archive = join(simulation.directory, season!.archives[0]!);
    zip = readZip(archive);
    coco = readCoco(join(simulation.directory, season!.metadata));
  });

  const categoryOf = (image: string): string[] =>
    coco.annotations
      .filter(({ image_id }) => image_id === image)
      .map(({ category_id }) => coco.categories.find(({ id }) => id === category_id)!.name);

  test('lies where LILA has its seasons', () => {
    expect(simulation.seasons.map(({ id, archives, metadata }) => [id, ...archives, metadata])).toEqual(
      ['S1', 'S2', 'S3'].map((id) => [
        id,
        `snapshotserengeti-v-2-0/SnapshotSerengeti_S0${id[1]}_v2_0.zip`,
        `snapshotserengeti-v-2-0/SnapshotSerengetiS0${id[1]}.json.zip`,
      ]),
    );
  });

  test('the archive is a stored zip64 that other readers find sound', async () => {
    expect(zip.broken).toBeNull();
    expect(zip.entries.length).toBe(simulation.seasons[0]!.frames);
    for (const { name, method, extra } of zip.entries) {
      expect(name).toMatch(/^S1\/[B-U]\d\d\/[B-U]\d\d_R1\/S1_[B-U]\d\d_R1_PICT\d{4}\.JPG$/);
      expect(method).toBe(0);
      expect(extra).toBe(0);
    }
    const tail = (await readFile(archive)).subarray(-98);
    expect(tail.readUInt32LE(0)).toBe(0x06064b50);
    expect(Number(tail.readBigUInt64LE(32))).toBe(zip.entries.length);
    expect(tail.readUInt32LE(56)).toBe(0x07064b50);
    expect(tail.readUInt16LE(76 + 10)).toBe(0xffff);
    execFileSync('unzip', ['-tq', archive]);
  });

  test('the metadata have the 61 categories and a member of another name', () => {
    expect(coco.member).toBe('SnapshotSerengeti_S01_v2_0.json');
    expect(coco.categories).toHaveLength(61);
    expect(coco.categories[0]).toEqual({ id: 0, name: 'empty' });
    expect(new Set(coco.categories.map(({ name }) => name)).size).toBe(61);
    expect(coco.text).toMatch(/^\{\n "info": \{\n {2}"version": "2.0"/);
  });

  test('the metadata are no strict JSON: an empty sequence counts NaN animals', () => {
    const empties = coco.annotations.filter(({ category_id }) => category_id === 0);
    expect(empties.length).toBeGreaterThan(0);
    for (const { count } of empties) expect(count).toBe('NaN');
    const raw = execFileSync('unzip', ['-p', join(simulation.directory, simulation.seasons[0]!.metadata)]).toString();
    expect(raw).toContain('"count": NaN,');
    expect(() => JSON.parse(raw) as unknown).toThrow();
  });

  test('every frame of the metadata is in the archive, but for those that show people', () => {
    const names = new Set(zip.entries.map(({ name }) => name));
    const missing = coco.images.filter(({ file_name }) => !names.has(file_name));
    expect(missing).toHaveLength(simulation.seasons[0]!.missingFrames);
    expect(missing.length).toBeGreaterThan(0);
    for (const { id } of missing) expect(categoryOf(id)).toEqual(['human']);
    const listed = new Set(coco.images.map(({ file_name }) => file_name));
    expect(zip.entries.filter(({ name }) => !listed.has(name))).toEqual([]);
  });

  test('annotations repeat for every frame and every species of a sequence', () => {
    const sequences = new Map<string, Coco['images'][number][]>();
    for (const image of coco.images) sequences.set(image.seq_id, [...(sequences.get(image.seq_id) ?? []), image]);
    expect(sequences.size).toBe(20);
    for (const [id, images] of sequences) {
      expect(id).toBe(`SER_S1#${images[0]!.location}#1#${id.split('#')[3]}`);
      expect(images.map(({ frame_num }) => frame_num).sort()).toEqual(images.map((_, index) => index + 1));
      const labels = images.map((image) => categoryOf(image.id).sort().join());
      expect(new Set(labels).size).toBe(1);
      expect(labels[0]).not.toBe('');
      for (const { seq_num_frames, datetime } of images) {
        expect(seq_num_frames).toBe(images.length);
        expect(datetime).toBe(images[0]!.datetime);
      }
    }
    for (const { sequence_level_annotation, season } of coco.annotations) {
      expect(sequence_level_annotation).toBe(true);
      expect(season).toBe('S1');
    }
    expect(new Set(coco.annotations.map(({ id }) => id)).size).toBe(coco.annotations.length);
  });

  test('frames are photographs of their size with the camera and the time in their EXIF', async () => {
    const image = coco.images.find(
      ({ file_name, frame_num }) => zip.entries.some(({ name }) => name === file_name) && frame_num === 1,
    )!;
    const bytes = await entryBytes(archive, image.file_name);
    const { width, height, format, exif } = await sharp(bytes).metadata();
    expect({ width, height, format }).toEqual({ width: 192, height: 144, format: 'jpeg' });
    const tags = exif!.toString('latin1');
    expect(tags).toContain('SIMCAM SG-1');
    expect(tags).toContain(image.datetime.replace('-', ':').replace('-', ':'));
    await sharp(bytes).raw().toBuffer();
  });

  test('a few files are damaged: one ends early, one is no JPEG and known to be corrupt', async () => {
    const corrupt = coco.images.filter((image) => image.corrupt);
    expect(corrupt).toHaveLength(1);
    expect(corrupt[0]).toMatchObject({ width: -1, height: -1 });
    await expect(sharp(await entryBytes(archive, corrupt[0]!.file_name)).metadata()).rejects.toThrow();

    const truncated: string[] = [];
    for (const { name } of zip.entries) {
      const bytes = await entryBytes(archive, name);
      if (bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) truncated.push(name);
    }
    expect(truncated).toHaveLength(1);
    const bytes = await entryBytes(archive, truncated[0]!);
    await expect(sharp(bytes, { failOn: 'truncated' }).raw().toBuffer()).rejects.toThrow();
    const rest = await sharp(bytes, { failOn: 'none' }).raw().toBuffer();
    expect(rest).toHaveLength(192 * 144 * 3);
  });

  test("the competition's tables say the same, without people", async () => {
    const metadata = await readCsv(join(simulation.directory, 'train_metadata.csv'));
    const labels = await readCsv(join(simulation.directory, 'train_labels.csv'));
    expect(metadata[0]).toEqual(['seq_id', 'file_name', 'datetime']);
    expect(labels[0]).toEqual(['seq_id', ...simulation.catalog.classes]);

    const people = new Set(
      coco.images.filter(({ id }) => categoryOf(id).includes('human')).map(({ seq_id }) => seq_id),
    );
    const rows = metadata.slice(1).filter(([id]) => id!.startsWith('SER_S1#'));
    const expected = coco.images.filter(({ seq_id }) => !people.has(seq_id));
    expect(rows.map(([, name]) => name).sort()).toEqual(expected.map(({ file_name }) => file_name).sort());

    const ids = labels.slice(1).map(([id]) => id!);
    expect(ids).toEqual([...ids].sort());
    for (const [id, ...marks] of labels.slice(1).filter(([id]) => id!.startsWith('SER_S1#'))) {
      const named = simulation.catalog.classes.filter((_, column) => marks[column] === '1');
      expect(marks.every((mark) => mark === '0' || mark === '1')).toBe(true);
      const frame = coco.images.find(({ seq_id }) => seq_id === id)!;
      expect(named).toEqual([...categoryOf(frame.id)].sort());
    }
  });

  test('the test set is flat and outside the catalog', async () => {
    const data = simulation.testData!;
    const rows = (await readCsv(join(data, 'test_metadata.csv'))).slice(1);
    const format = await readCsv(join(data, 'submission_format.csv'));
    expect(new Set(rows.map(([id]) => id))).toEqual(new Set(format.slice(1).map(([id]) => id)));
    for (const [id, name] of rows) {
      expect(id).toMatch(/^SER_S4#/);
      expect(name).toMatch(/^S4_[B-U]\d\d_R1_PICT\d{4}\.JPG$/);
      expect((await sharp(join(data, name!)).metadata()).width).toBe(192);
    }
    expect(format[0]).toHaveLength(55);
    const root = await readFile(join(simulation.directory, 'test_metadata.csv'), 'utf8');
    expect(root).toBe(await readFile(join(data, 'test_metadata.csv'), 'utf8'));
  });

  test('the catalog is valid and holds for any address', async () => {
    const file = JSON.parse(await readFile(simulation.catalogPath, 'utf8')) as unknown;
    expect(catalogSchema.parse(file)).toEqual(simulation.catalog);
    expect(simulation.catalog.split).toEqual({ train: ['S1', 'S2'], validation: ['S3'] });
    expect(simulation.catalog.classes).toHaveLength(54);
    expect(simulation.catalog.classes.indexOf('empty')).toBe(15);
    expect(simulation.catalog.classMapping).toMatchObject({ birdother: 'otherbird', human: null, lioncub: null });
    const served = withMirrors(simulation.catalog, 'http://127.0.0.1:80', 'http://127.0.0.1:81/');
    expect(served.mirrors.map(({ url }) => url)).toEqual(['http://127.0.0.1:80/', 'http://127.0.0.1:81/']);
    catalogSchema.parse(served);
  });

  test('sites come again in other seasons', () => {
    const [first, , third] = simulation.seasons.map(({ metadata }) =>
      readCoco(join(simulation.directory, metadata)).images.map(({ location }) => location),
    );
    expect(third!.filter((site) => first!.includes(site)).length).toBeGreaterThan(0);
  });
});

describe('the same options', () => {
  test('give the same bytes, whatever the number of threads', async () => {
    const [one, many] = [await newFolder(), await newFolder()];
    const request = { ...SMALL, sequences: 10 };
    const threads = sharp.concurrency();
    sharp.concurrency(1);
    await simulateCatalog(one, request);
    sharp.concurrency(4);
    await simulateCatalog(many, request);
    sharp.concurrency(threads);
    const [first, second] = [await digests(one), await digests(many)];
    expect(Object.keys(first).length).toBeGreaterThan(15);
    expect(second).toEqual(first);
  });

  test('are not drawn again', async () => {
    const folder = await newFolder();
    const first = await simulateCatalog(folder, { ...SMALL, sequences: 8 });
    const before = await stat(join(folder, first.seasons[0]!.archives[0]!));
    const progress: Progress[] = [];
    const again = await simulateCatalog(
      folder,
      { ...SMALL, sequences: 8 },
      { onProgress: (step) => progress.push(step) },
    );
    expect(first.reused).toBe(false);
    expect(again).toEqual({ ...first, reused: true });
    expect(progress).toEqual([{ done: first.frames, total: first.frames, unit: 'frames', reused: first.frames }]);
    expect((await stat(join(folder, first.seasons[0]!.archives[0]!))).mtimeMs).toBe(before.mtimeMs);
  });

  test('mend what was removed or cut off', async () => {
    const folder = await newFolder();
    const request = { ...SMALL, sequences: 8 };
    const { seasons } = await simulateCatalog(folder, request);
    const before = await digests(folder);
    await rm(join(folder, seasons[1]!.archives[0]!));
    await rm(join(folder, 'train_labels.csv'));
    expect((await simulateCatalog(folder, request)).reused).toBe(false);
    expect(await digests(folder)).toEqual(before);

    await truncate(join(folder, seasons[0]!.archives[0]!), 5000);
    await simulateCatalog(folder, request);
    expect(await digests(folder)).toEqual(before);
  });

  test('in two processes at once end as in one', async () => {
    const [alone, together] = [await newFolder(), await newFolder()];
    const request = { ...SMALL, sequences: 8 };
    await simulateCatalog(alone, request);
    await Promise.all([simulateCatalog(together, request), simulateCatalog(together, request)]);
    expect(await digests(together)).toEqual(await digests(alone));
    expect((await readdir(join(together, 'snapshotserengeti-v-2-0'))).filter((name) => name.includes('.tmp-'))).toEqual(
      [],
    );
  });
});

test('other options leave nothing of the former ones', async () => {
  const [used, fresh] = [await newFolder(), await newFolder()];
  await simulateCatalog(used, { ...SMALL, sequences: 8, seasons: ['S1', 'S4'] });
  const stop = new AbortController();
  const request = { ...SMALL, sequences: 8, seed: 9 };
  const stopped = simulateCatalog(
    used,
    { ...request, seed: 8 },
    { signal: stop.signal, onProgress: () => stop.abort() },
  );
  await expect(stopped).rejects.toThrow();
  await simulateCatalog(used, request);
  await simulateCatalog(fresh, request);
  expect(await digests(used)).toEqual(await digests(fresh));
  expect(await readdir(join(used, 'snapshotserengeti-v-2-0'))).toEqual(
    await readdir(join(fresh, 'snapshotserengeti-v-2-0')),
  );
});

describe('stopped in the middle', () => {
  const request: SimulationRequest = { ...SMALL, seasons: ['S1'], testSequences: 0 };
  let whole: Record<string, string>;

  beforeAll(async () => {
    const folder = await newFolder();
    await simulateCatalog(folder, request);
    whole = await digests(folder);
  });

  /** Stops when so many frames are drawn. */
  async function stopAfter(frames: number): Promise<{ folder: string; draft: string }> {
    const folder = await newFolder();
    const stop = new AbortController();
    const reason = new Error('stopped by the test');
    const drawing = simulateCatalog(folder, request, {
      signal: stop.signal,
      onProgress: ({ done }) => done >= frames && stop.abort(reason),
    });
    await expect(drawing).rejects.toBe(reason);
    const archives = join(folder, 'snapshotserengeti-v-2-0');
    const names = await readdir(archives);
    expect(names).toHaveLength(1);
    return { folder, draft: join(archives, names[0]!) };
  }

  async function resume(folder: string): Promise<number> {
    const progress: Progress[] = [];
    await simulateCatalog(folder, request, { onProgress: (step) => progress.push(step) });
    expect(await digests(folder)).toEqual(whole);
    expect(await readdir(join(folder, 'snapshotserengeti-v-2-0'))).toHaveLength(2);
    return progress.at(-1)!.reused!;
  }

  test('there is no archive yet, and going on draws only the rest', async () => {
    const { folder, draft } = await stopAfter(20);
    expect(draft).toContain('.zip.tmp-');
    expect(await resume(folder)).toBeGreaterThanOrEqual(20);
  });

  test('a frame torn by a killed process is drawn again', async () => {
    const { folder, draft } = await stopAfter(20);
    await truncate(draft, (await stat(draft)).size - 100);
    const dead = draft.replace(`-${process.pid}-`, '-4194999-');
    await rename(draft, dead);
    expect(await resume(folder)).toBeGreaterThanOrEqual(19);
  });

  test('a damaged draft is gone on with where it is sound', async () => {
    const { folder, draft } = await stopAfter(20);
    const bytes = await readFile(draft);
    bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
    await rm(draft);
    await writeFile(draft, bytes);
    const reused = await resume(folder);
    expect(reused).toBeGreaterThan(4);
    expect(reused).toBeLessThan(20);
  });

  test('the draft of a process that is alive is left alone', async () => {
    const { folder, draft } = await stopAfter(20);
    const foreign = draft.replace(`-${process.pid}-`, `-${process.ppid}-`);
    await rename(draft, foreign);
    await simulateCatalog(folder, request);
    expect(await digests(folder)).toEqual(whole);
    expect((await stat(foreign)).size).toBeGreaterThan(0);
  });
});

describe('forms of a season', () => {
  test('season 11 has names of its own', async () => {
    const folder = await newFolder();
    const { seasons } = await simulateCatalog(folder, { ...SMALL, seasons: ['S11'], sequences: 3, testSequences: 0 });
    const [first] = readZip(join(folder, seasons[0]!.archives[0]!)).entries;
    expect(first!.name).toMatch(/^SER_S11\/([B-U]\d\d)\/\1_R1\/SER_S11_\1_R1_IMAG0001\.JPG$/);
  });

  test('a shared pool gives a long season few distinct frames of the right species', async () => {
    const folder = await newFolder();
    const request: SimulationRequest = { ...SMALL, seasons: ['S1'], sequences: 700, sharedPool: 24, testSequences: 0 };
    const { seasons, frames } = await simulateCatalog(folder, request);
    const { broken, entries } = readZip(join(folder, seasons[0]!.archives[0]!));
    expect(broken).toBeNull();
    expect(entries).toHaveLength(frames);
    expect(frames).toBeGreaterThan(1400);
    expect(new Set(entries.map(({ crc }) => crc)).size).toBeLessThan(300);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(frames);
  });
});
