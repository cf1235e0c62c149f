import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Catalog } from '../../../../lib/contracts/catalog';
import { temporaryFolder } from '../../../support/folders';
import { zip } from '../../seasons/support/zip';
import { cocoOf, cocoText } from '../support/formats';
import { indexed, type Indexed } from '../support/indexed';
import { OTHER_SEASON, SEASON, catalogOf } from '../support/season';

const folder = temporaryFolder();

interface CocoDocument {
  categories: Record<string, unknown>[];
  images: Record<string, unknown>[];
  annotations: Record<string, unknown>[];
}

async function index(
  content: string | Buffer,
  name = 'S1.json',
  catalog?: Catalog,
): Promise<Omit<Indexed, 'directory'>> {
  const file = join(folder(), name);
  await writeFile(file, content);
  const written = { metadata: { format: 'coco-camera-traps' as const, path: `metadata/${name}` }, files: [file] };
  const { directory: _directory, ...rest } = await indexed(folder(), written, catalog && { catalog });
  return rest;
}

function document(change: (document: CocoDocument) => void = () => undefined, season = SEASON): CocoDocument {
  const made = cocoOf(season) as unknown as CocoDocument;
  change(made);
  return made;
}

function text(change?: (document: CocoDocument) => void): string {
  return cocoText(document(change) as unknown as Record<string, unknown>);
}

describe('wherever it lies and however it is written', () => {
  const ways: Record<string, () => [content: string | Buffer, name: string]> = {
    'in a zip, stored': () => [zip([{ name: 'SnapshotSerengeti_S1.json', data: text() }]), 'S1.json.zip'],
    'in a zip, deflated, beside what the Finder adds': () => [
      zip([
        { name: 'S1.json', data: text(), deflate: true },
        { name: '__MACOSX/._S1.json', data: 'x' },
      ]),
      'S1.json.zip',
    ],
    gzipped: () => [gzipSync(text()), 'S1.json.gz'],
    'on one line': () => [JSON.stringify(document()), 'S1.json'],
    'with annotations first and categories last': () => {
      const { images, annotations, categories } = document();
      return [JSON.stringify({ annotations, images, info: { a: [{}] }, categories }), 'S1.json'];
    },
  };

  it.each(Object.entries(ways))('%s, it gives the same tables', async (_way, make) => {
    const plain = await index(text());

    expect(await index(...make())).toEqual(plain);
  });
});

describe('identifiers and names', () => {
  it('are the same as numbers, as text, and as what tables make of numbers', async () => {
    const plain = await index(text());
    const changed = await index(
      text(({ categories, annotations, images }) => {
        for (const category of categories) category.id = `${String(category.id)}.0`;
        for (const annotation of annotations) annotation.category_id = String(annotation.category_id);
        images.forEach((image, at) => {
          image.file_name = `./${String(image.file_name)}`;
          image.id = `${at}.0`;
        });
        annotations.forEach((annotation) => {
          annotation.image_id = images.findIndex(({ seq_id }) => seq_id === annotation.seq_id);
        });
      }),
    );

    expect(changed).toEqual(plain);
  });

  it('of images tell which one an annotation means, also where the one is a number and the other text', async () => {
    const { sequences } = await index(
      text(({ images, annotations }) => {
        images.splice(2);
        annotations.splice(2);
        images.forEach((image, at) => Object.assign(image, { id: at + 1, seq_id: undefined }));
        annotations.forEach((annotation, at) =>
          Object.assign(annotation, { image_id: `${at + 1}.0`, seq_id: undefined }),
        );
      }),
    );

    expect(sequences.map(({ sequence, labels }) => [sequence, labels])).toEqual([
      ['1', ['zebra']],
      ['2', ['zebra']],
    ]);
  });

  it('of categories may differ in case and blanks', async () => {
    const plain = await index(text());
    const changed = await index(
      text(({ categories, annotations }) => {
        const zebra = categories.find(({ name }) => name === 'zebra')!;
        categories.push({ id: 99, name: ' Zebra' });
        annotations.find(({ category_id }) => category_id === zebra.id)!.category_id = 99;
      }),
    );

    expect(changed.sequences.map(({ labels }) => labels)).toEqual(plain.sequences.map(({ labels }) => labels));
  });

  it('of categories that are there twice under different names say nothing', async () => {
    await expect(
      index(text(({ categories }) => categories.push({ id: `${String(categories[0]!.id)}.0`, name: 'quagga' }))),
    ).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: 'S1.json: the category 0 has several names: "blank" and "quagga"',
    });
  });

  it('of images that are there twice are left out the second time', async () => {
    const { rejected, summary } = await index(
      text(({ images }) => images.push({ ...images[0], file_name: 'another.JPG' })),
    );

    expect(rejected).toEqual([expect.stringMatching(/^S1\.json,\d+,3,id is listed twice,/)]);
    expect(summary.frames).toBe(11);
  });
});

it('reads the time where it is called date_captured', async () => {
  const plain = await index(text());
  const renamed = await index(
    text(({ images }) => {
      for (const image of images) [image.date_captured, image.datetime] = [image.datetime, undefined];
    }),
  );
  expect(renamed).toEqual(plain);
});

it('marks frames that the metadata calls corrupt, or whose width is -1', async () => {
  const { frames, summary, sequences } = await index(
    text(({ images }) => {
      images[0]!.corrupt = true;
      Object.assign(images[4]!, { width: -1, height: -1 });
    }),
  );

  expect(frames.map(({ corrupt }) => corrupt)).toEqual([true, false, false, true, ...Array<boolean>(7).fill(false)]);
  expect(frames[3]).toMatchObject({ width: null, height: null });
  expect(summary.corruptFrames).toBe(2);
  expect(sequences[0]).toMatchObject({ frames: 3, usable_frames: 2, first_rank: 2 });
});

it('ranks frames by their number, not by their names', async () => {
  const { frames } = await index(
    text(({ images }) => images.slice(0, 3).forEach((image, position) => (image.frame_num = 9 - position))),
  );

  expect(frames.slice(0, 3).map(({ file_name, rank }) => [String(file_name).slice(-8), rank])).toEqual([
    ['0003.JPG', 1],
    ['0002.JPG', 2],
    ['0001.JPG', 3],
  ]);
});

it('takes labels of the frames together: what is seen in one is in the sequence, and it is not empty', async () => {
  const { sequences } = await index(
    text(({ annotations, categories }) => {
      const empty = categories.find(({ name }) => name === 'empty')!.id;
      annotations[1]!.category_id = empty;
    }),
  );

  expect(sequences[0]).toMatchObject({ labels: ['zebra'], raw_labels: ['empty', 'zebra'] });
});

it('finds the sequence of an annotation by its image, and takes an image without one as a sequence', async () => {
  const { sequences } = await index(
    text(({ images, annotations }) => {
      for (const annotation of annotations) delete annotation.seq_id;
      delete images[3]!.seq_id;
    }),
  );

  expect(sequences.map(({ sequence, labels }) => [sequence, labels])).toContainEqual([
    'S1/B04/B04_R1/S1_B04_R1_PICT0004',
    ['empty'],
  ]);
  expect(sequences).toHaveLength(6);
});

it('takes the site from the name of the sequence, else from the folder, where there is no location', async () => {
  const { sequences } = await index(
    text(({ images, annotations }) => {
      for (const image of images) delete image.location;
      images[3]!.seq_id = 'odd';
      for (const annotation of annotations) if (annotation.seq_id === 'SER_S1#B04#1#2') annotation.seq_id = 'odd';
    }),
  );

  expect(sequences.map(({ sequence, site }) => [sequence, site])).toEqual(
    expect.arrayContaining([
      ['SER_S1#B04#1#1', 'B04'],
      ['odd', 'S1/B04/B04_R1'],
    ]),
  );
});

it('takes from a file of all seasons the rows of one', async () => {
  const metadata = { format: 'coco-camera-traps' as const, path: 'metadata/S1.json' };
  const both = cocoText(cocoOf([...SEASON, ...OTHER_SEASON]));
  const alone = await index(cocoText(cocoOf(SEASON)));

  expect(await index(both, 'S1.json', catalogOf(metadata, {}, ['S1', 'S2']))).toEqual(alone);
});

describe('bad rows', () => {
  it('are left out and listed with line, column and value', async () => {
    const changed = document(({ images, annotations }) => {
      delete images[1]!.file_name;
      images[2]!.file_name = images[0]!.file_name;
      annotations[0]!.category_id = 99;
    });
    const lines = cocoText(changed as unknown as Record<string, unknown>).split('\n');
    const lineOf = (id: unknown): number => lines.findIndex((line) => line.includes(`"id": ${JSON.stringify(id)}`));

    const { rejected, summary, frames } = await index(lines.join('\n'));

    expect(rejected).toEqual([
      `S1.json,${lineOf(changed.images[1]!.id)},3,has no file_name,${String(changed.images[1]!.id)}`,
      `S1.json,${lineOf(changed.images[2]!.id)},3,file_name is listed twice,${String(changed.images[0]!.file_name)}`,
      `S1.json,${lineOf(changed.annotations[0]!.id) - 1},3,"category_id is not in ""categories""",99`,
    ]);
    expect(summary.rejectedRows).toBe(3);
    expect(frames).toHaveLength(9);
  });

  it('may be no JSON at all, as long as they begin and end', async () => {
    const broken = text().replace('"frame_num": 2', '"frame_num" 2');
    const line = broken.split('\n').findIndex((candidate) => candidate.includes('"frame_num" 2')) + 1;

    const { rejected, frames } = await index(broken);

    expect(rejected).toEqual([`S1.json,${line},16,is no image,`]);
    expect(frames).toHaveLength(10);
  });

  it('stop the work when they are many', async () => {
    const many = text(({ images }) => images.forEach((image) => (image.file_name = '')));

    await expect(index(many)).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringMatching(
        /^S1\.json: 11 of 11 rows cannot be used, more than the 5 that are left out:\n {2}- S1\.json, line \d+, column 3: has no file_name/,
      ),
    });
  });
});

describe('documents that are refused', () => {
  const refusals: Record<string, [content: () => string | Buffer, name: string, code: string, message: RegExp]> = {
    'cut short': [
      () => text().slice(0, text().lastIndexOf('}') - 3),
      'S1.json',
      'METADATA_INVALID',
      /^S1\.json, line \d+, column \d+: the document ends too early$/,
    ],
    'with a structure that is no JSON': [
      () => text().replace('"images": [', '"images": [,'),
      'S1.json',
      'METADATA_INVALID',
      /^S1\.json, line \d+, column 13: unexpected ","/,
    ],
    'without annotations': [
      () => '{"images":[],"categories":[]}',
      'S1.json',
      'METADATA_INVALID',
      /^S1\.json has no "annotations"$/,
    ],
    'without frames of the season': [
      () => cocoText(cocoOf(OTHER_SEASON)),
      'S1.json',
      'METADATA_INCONSISTENT',
      /^S1\.json has no frame of season S1$/,
    ],
    'that are no zip': [() => 'PK', 'S1.json.zip', 'ARCHIVE_INVALID', /S1\.json\.zip/],
    'in a zip of two': [
      () => zip([{ name: 'a.json' }, { name: 'b.json' }]),
      'S1.json.zip',
      'METADATA_INVALID',
      /^S1\.json\.zip must hold one JSON file, it has S1\.json\.zip\/a\.json, S1\.json\.zip\/b\.json$/,
    ],
    'with a wrong CRC': [
      () => zip([{ name: 'S1.json', data: text(), crc: 1 }]),
      'S1.json.zip',
      'ENTRY_CORRUPT',
      /S1\.json/,
    ],
  };

  it.each(Object.entries(refusals))('%s', async (_name, [content, name, code, message]) => {
    await expect(index(content(), name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
