import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { catalogSchema } from '../../../../lib/contracts/catalog';
import { loadDetections, readParquet } from '../../../../lib/metadata';
import { temporaryFolder } from '../../../support/folders';
import { FORMATS } from '../support/formats';
import { indexed, type Row } from '../support/indexed';
import { catalogOf, CLASSES, SEASON } from '../support/season';

const folder = temporaryFolder();

const CATEGORIES = { '1': 'animal', '2': 'person', '3': 'Vehicle' };
const ZEBRA = { category: '1', conf: 0.9, bbox: [0.1, 0.2, 0.3, 0.4] };
const RANGER = { category: '2', conf: 0.95, bbox: [0.5, 0.5, 0.25, 0.5] };

interface Parts {
  readonly info?: object;
  readonly detection_categories?: object;
  readonly images?: readonly object[] | object;
}

async function written(parts: Parts = {}, name = 'detections.json'): Promise<string> {
  const path = join(folder(), name);
  const text = JSON.stringify({
    info: { format_version: '1.6' },
    detection_categories: CATEGORIES,
    images: [],
    ...parts,
  });
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

const imagesWith = async (...images: readonly object[]) => loadDetections(await written({ images }));
/** Enough others that one bad image is left out. */
const OTHERS = Array.from({ length: 20 }, (_, number) => ({ file: `other${number}.jpg`, detections: [] }));

describe('A file of detections is refused', () => {
  it('that is of another format, naming what is missing', async () => {
    await expect(loadDetections(await written({ detection_categories: undefined as never }))).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: 'detections.json has no "detection_categories": it is not in MegaDetector\'s output format',
    });
    await expect(loadDetections(await written({ images: {} }))).rejects.toMatchObject({ code: 'METADATA_INVALID' });
  });

  it('of a version that is not known', async () => {
    await expect(loadDetections(await written({ info: { format_version: '2.0' } }))).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: "detections.json is in version 2.0 of MegaDetector's format; 1.0 to 1.6 are read",
    });
  });

  it('that is cut off, with line and column', async () => {
    const path = join(folder(), 'cut.json');
    await writeFile(path, '{"detection_categories": {"1": "animal"},\n "images": [{"file": "a.jpg"');
    await expect(loadDetections(path)).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringContaining('cut.json, line 2') as string,
    });
  });

  it('most of whose images are bad', async () => {
    await expect(imagesWith({ file: 'a.jpg', detections: 'none' })).rejects.toMatchObject({ code: 'METADATA_INVALID' });
  });
});

describe('An image is left out, and named,', () => {
  it.each([
    ['a category that is not listed', { ...ZEBRA, category: '7' }],
    ['a confidence above 1', { ...ZEBRA, conf: 1.2 }],
    ['a confidence that is no number', { ...ZEBRA, conf: 'high' }],
    ['three numbers for a box', { ...ZEBRA, bbox: [0.1, 0.2, 0.3] }],
    ['a box in pixels', { ...ZEBRA, bbox: [100, 200, 300, 400] }],
    ['a box without area', { ...ZEBRA, bbox: [0.1, 0.2, 0, 0.4] }],
    ['a box that is none', { ...ZEBRA, bbox: null }],
    ['a detection that is none', 7],
  ])('with %s', async (_, detection) => {
    const path = await written({ images: [{ file: 'bad.jpg', detections: [ZEBRA, detection] }, ...OTHERS] });
    const warnings: string[] = [];

    const detections = await loadDetections(path, { onWarning: ({ message }) => warnings.push(message) });

    expect([...detections.keys()]).not.toContain('bad.jpg');
    expect(detections.size).toBe(OTHERS.length);
    expect(warnings).toEqual([
      expect.stringMatching(/^Left out 1 image of the detections; detections\.json, line 1, column/),
    ]);
  });

  it('that occurs twice', async () => {
    const detections = await imagesWith(
      ...OTHERS,
      { file: 'a.jpg', detections: [ZEBRA] },
      { file: 'a.jpg', detections: [] },
    );
    expect(detections.get('a.jpg')).toHaveLength(1);
  });
});

describe('Detections', () => {
  it('come by photograph, the surest first, with the names of their categories', async () => {
    const detections = await imagesWith({ file: 'a.jpg', detections: [ZEBRA, RANGER], max_detection_conf: 0.95 });

    expect(detections.get('a.jpg')).toEqual([
      { kind: 'person', confidence: 0.95, box: [0.5, 0.5, 0.25, 0.5] },
      { kind: 'animal', confidence: 0.9, box: [0.1, 0.2, 0.3, 0.4] },
    ]);
  });

  it('are none where nothing was found, and absent where the detector failed', async () => {
    const detections = await imagesWith(
      { file: 'empty.jpg', detections: [] },
      { file: 'broken.jpg', failure: 'Failure image access', detections: null },
    );

    expect([...detections]).toEqual([['empty.jpg', []]]);
  });

  it('that reach out of the photograph by rounding are cut at its edge', async () => {
    const detections = await imagesWith({
      file: 'a.jpg',
      detections: [{ ...ZEBRA, bbox: [-0.001, 0.5, 0.5, 0.5001] }],
    });

    expect(detections.get('a.jpg')![0]!.box).toEqual([0, 0.5, 0.499, 0.5]);
  });

  it('of Windows and of macOS are of the same photographs', async () => {
    const detections = await imagesWith(
      { file: 'card\\DCIM\\a.jpg', detections: [] },
      { file: './zèbre.jpg'.normalize('NFD'), detections: [] },
    );

    expect([...detections.keys()]).toEqual(['card/DCIM/a.jpg', 'zèbre.jpg'.normalize('NFC')]);
  });

  it.each(['1.0', '1.3', 1.5, '1.6'])('of version %s are read', async (format_version) => {
    const path = await written({ info: { format_version }, images: [{ file: 'a.jpg', detections: [ZEBRA] }] });
    expect((await loadDetections(path)).size).toBe(1);
  });

  it('may be gzipped', async () => {
    const path = await written({ images: [{ file: 'a.jpg', detections: [ZEBRA] }] }, 'detections.json.gz');
    expect((await loadDetections(path)).size).toBe(1);
  });
});

describe('The index of a season with detections', () => {
  const [first, second] = SEASON[0]!.frames.map(({ name }) => name);

  const index = async (images: readonly object[]) => {
    const { metadata, files } = await FORMATS['coco-camera-traps'](folder(), SEASON);
    const path = await written({ images });
    const plain = catalogOf(metadata);
    const seasons = plain.seasons.map((season) => ({ ...season, detections: 'found/detections.json' }));
    return await indexed(folder(), { metadata, files: [...files, path] }, { catalog: { ...plain, seasons } });
  };

  it('stops where they are of other photographs, with names from both sides', async () => {
    await expect(index([{ file: 'elsewhere.jpg', detections: [ZEBRA] }])).rejects.toMatchObject({
      code: 'METADATA_INCONSISTENT',
      message: expect.stringMatching(
        /none of its frames\. They have "elsewhere\.jpg"; the metadata has "S1\/B04/,
      ) as string,
    });
  });

  it('tells them from the metadata by their file name', () => {
    const season = { id: 'S1', archives: [], metadata: { format: 'coco-camera-traps', path: 'labels/S1.json' } };
    const catalog = { name: 'test', mirrors: [{ name: 'here', url: './' }], classes: CLASSES };
    const parse = (detections: string) => catalogSchema.safeParse({ ...catalog, seasons: [{ ...season, detections }] });

    expect(parse('boxes/S1.json').error?.issues).toMatchObject([
      { path: ['seasons', 0, 'detections'], message: 'must not have the name of a metadata file of the season' },
    ]);
    expect(parse('boxes/S1.boxes.json').success).toBe(true);
  });

  it('has the boxes of its frames, and leaves aside those of other seasons', async () => {
    const { directory, summary } = await index([
      { file: first, detections: [ZEBRA] },
      { file: second, detections: [] },
      { file: 'S2/other.jpg', detections: [ZEBRA] },
    ]);

    expect(summary.detections).toEqual({ frames: 2, boxes: 1 });
    const zebra = { kind: 'animal', confidence: 0.9, x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
    expect(await readParquet<Row>(join(directory, 'detections.parquet'))).toEqual([
      { file_name: first, boxes: [zebra] },
      { file_name: second, boxes: [] },
    ]);
  });
});
