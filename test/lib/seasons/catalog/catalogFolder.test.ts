import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogFromFolder } from '../../../../lib/seasons';
import { temporaryFolder } from '../../../support/folders';
import { zip } from '../support/zip';

const folder = temporaryFolder();

/** Metadata as the field writes it: not quite JSON, the categories anywhere. */
function coco(...names: string[]): string {
  const categories = JSON.stringify(names.map((name, id) => ({ id, name })));
  return `{"info": {"categories": "none here"}, "images": [{"id": "a \\"categories\\": ["}], "annotations": [{"count": NaN}], "categories": ${categories}}`;
}

async function write(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const path = join(folder(), 'own data');
  await mkdir(path, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

describe('catalogFromFolder', () => {
  test('seasons from names, classes from categories, the last season validates', async () => {
    const path = await write({
      'S2.zip': zip([]),
      'S2.json': coco('zebra', 'blank'),
      'S10_part2.zip': zip([]),
      'S10_part1.zip': zip([]),
      'S10.json.zip': zip([{ name: 'ten.json', data: coco('zebra', 'lion'), deflate: true }]),
      'S1.zip': zip([]),
      'S1.json.zip': zip([{ name: '__MACOSX/one.json' }, { name: 'one.json', data: coco('lion') }]),
      'S7.json': coco('no archive'),
      'notes.txt': '',
    });
    const catalog = await catalogFromFolder(path);
    const format = 'coco-camera-traps';
    expect(catalog).toEqual({
      name: 'own-data',
      description: `Seasons in ${path}`,
      licence: '',
      citation: '',
      mirrors: [{ name: 'folder', url: pathToFileURL(`${path}/`).href }],
      classes: ['empty', 'lion', 'zebra'],
      emptyClass: 'empty',
      classMapping: {},
      seasons: [
        { id: 'S1', archives: ['S1.zip'], metadata: { format, path: 'S1.json.zip' } },
        { id: 'S2', archives: ['S2.zip'], metadata: { format, path: 'S2.json' } },
        { id: 'S10', archives: ['S10_part1.zip', 'S10_part2.zip'], metadata: { format, path: 'S10.json.zip' } },
      ],
      split: { train: ['S1', 'S2'], validation: ['S10'] },
    });
  });

  test('categories that differ in case and blanks are one class, and those that nobody could tell are none', async () => {
    const path = await write({
      'S1.zip': zip([]),
      'S1.json': coco('Zebra', 'unknown', 'Unclassified', 'lion ', ''),
      'S2.zip': zip([]),
      'S2.json': coco('zebra ', ' Blank', 'lion'),
    });
    expect((await catalogFromFolder(path)).classes).toEqual(['Zebra', 'empty', 'lion']);
  });

  test('categories that no annotation of any season uses are no classes', async () => {
    const document = (...used: unknown[]) =>
      JSON.stringify({
        annotations: used.map((category_id) => ({ note: '"category_id": 3', category_id, sequence_level: true })),
        categories: ['empty', 'zebra', 'lion', 'unicorn'].map((name, id) => ({ id, name })),
      });
    const path = await write({
      'S1.zip': zip([]),
      'S1.json': document(0, 1, 1),
      'S2.zip': zip([]),
      'S2.json': document('2.0'),
    });
    expect((await catalogFromFolder(path)).classes).toEqual(['empty', 'lion', 'zebra']);
  });

  test('a folder without seasons, or none at all', async () => {
    const path = await write({ 'S1.zip': zip([]) });
    await expect(catalogFromFolder(path)).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: `${path} has no seasons: they look like S1.zip, or a folder S1, beside S1.json, S1.json.zip or S1.csv; or a folder a class`,
    });
    await expect(catalogFromFolder(join(path, 'none'))).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE' });
  });

  test('metadata without categories names its file', async () => {
    const path = await write({ 'S1.zip': zip([]), 'S1.json': '{"images": [], "categories": [{"id": 0}]}' });
    await expect(catalogFromFolder(path)).rejects.toThrow(
      `${join(path, 'S1.json')} has no list "categories" with a "name" in each`,
    );
  });

  test('a zip of several JSON files names them', async () => {
    const path = await write({ 'S1.zip': zip([]), 'S1.json.zip': zip([{ name: 'a.json' }, { name: 'b.json' }]) });
    await expect(catalogFromFolder(path)).rejects.toThrow(/should hold one JSON file; it holds a\.json, b\.json/);
  });

  test('seasons of any names, those that differ in forbidden signs only told apart', async () => {
    const names = ['season one', 'season-one', 'Été'];
    const files = names.flatMap(
      (name) =>
        [
          [`${name}.zip`, zip([])],
          [`${name}.json`, coco('zebra')],
        ] as const,
    );
    const { seasons } = await catalogFromFolder(await write(Object.fromEntries(files)));
    expect(seasons.map(({ id }) => id)).toEqual(['Ete', 'season-one', 'season-one-2']);
  });

  test('says what is no part of a season', async () => {
    const path = await write({
      'S1.zip': zip([]),
      'S1.json': coco('zebra'),
      'S2.tar': '',
      'S3.ZIP': zip([]),
      '.x': '',
    });
    const passedOver = jest.fn();
    await catalogFromFolder(path, { onPassedOver: passedOver });
    expect(passedOver).toHaveBeenCalledWith(['S2.tar', 'S3.ZIP']);
  });
});
