import { SerengetiError } from '../../contracts/errors';
import { quoted, type Database } from '../database';
import { JsonFile } from '../input/jsonFile';
import { jsonMember } from '../input/member';
import { NdjsonParts } from '../input/ndjsonParts';
import { numbered, type Columns } from '../input/numbered';
import { makeLabelSets } from './labelSets';
import { seasonOfFrame, seasonOfSequence, wantedRows } from './names';
import { rejectRepeated, rejectRows } from './rows';
import {
  FRAMES_COLUMNS,
  makeFramesView,
  type FormatReader,
  type FramesColumn,
  type RowSource,
  type StagingContext,
} from './staging';
import { filePath, identity, integer, localTime, otherTime, trimmed } from './values';

const ARRAYS = ['images', 'annotations', 'categories'] as const;
type ArrayName = (typeof ARRAYS)[number];

/**
 * COCO Camera Traps JSON: `images`, `annotations`, `categories`, in any order. Its labels are of the sequence: those of
 * all its frames together. An image without `seq_id` is a sequence of its own.
 */
export const readCocoCameraTraps: FormatReader<{ format: 'coco-camera-traps'; path: string }> = async (
  { path },
  context,
) => {
  const { database } = context;
  const file = new JsonFile(await jsonMember(context.localPath(path)));
  await database.run(`CREATE TABLE frame_rows (ordinal BIGINT, season SMALLINT, sequence VARCHAR, file_name VARCHAR, site VARCHAR,
    position INTEGER, datetime TIMESTAMP, other_time VARCHAR, width INTEGER, height INTEGER, corrupt BOOLEAN, id VARCHAR)`);
  await database.run(
    'CREATE TABLE annotations (ordinal BIGINT, season SMALLINT, sequence VARCHAR, image_id VARCHAR, category VARCHAR)',
  );
  await database.run('CREATE TABLE categories (ordinal BIGINT, season SMALLINT, id VARCHAR, name VARCHAR)');
  const counts = await loadArrays(file, context);
  await makeFramesView(database, Object.keys(FRAMES_COLUMNS) as FramesColumn[]);

  const rows = (array: ArrayName): RowSource => ({
    name: file.name,
    places: (ordinals) => file.elementPlaces(array, ordinals),
  });
  await rejectRows(context, {
    table: 'categories',
    source: rows('categories'),
    problem: `CASE WHEN id IS NULL OR name IS NULL THEN 'is no category with id and name' END`,
    value: 'coalesce(name, id)',
  });
  await expectOneNameEach(database, file.name);
  await rejectRepeated(context, 'categories', 'id', rows('categories'));
  await rejectRows(context, {
    table: 'frame_rows',
    source: rows('images'),
    problem: `CASE WHEN file_name IS NULL AND sequence IS NULL THEN 'is no image' WHEN file_name IS NULL
      THEN 'has no file_name' WHEN sequence IS NULL THEN 'has neither seq_id nor id'
      WHEN season IS NULL THEN 'neither seq_id nor file_name tells the season' END`,
    value: 'coalesce(file_name, id)',
  });
  await rejectRepeatedImages(context, rows('images'));
  const { kept } = await database.row<{ kept: number }>('SELECT count(*) AS kept FROM frame_rows');
  const hasAllImages = kept + context.rejections.count >= counts.images;
  await rejectRows(context, {
    table: 'annotations',
    source: rows('annotations'),
    problem: `CASE WHEN category IS NULL AND image_id IS NULL AND sequence IS NULL THEN 'is no annotation'
      WHEN category IS NULL THEN 'has no category_id'
      WHEN category NOT IN (SELECT id FROM categories) THEN 'category_id is not in "categories"'
      WHEN sequence IS NULL AND image_id IS NULL THEN 'has neither seq_id nor image_id'
      WHEN ${hasAllImages} AND sequence IS NULL AND image_id NOT IN (SELECT id FROM frame_rows WHERE id IS NOT NULL)
        THEN 'image_id is not in "images"' END`,
    value: 'coalesce(category, image_id, sequence)',
  });
  return {
    labelsOf: await makeLabelSets(context, TOLD),
    frameRows: rows('images'),
    labelRows: rows('annotations'),
  };
};

/** Which of two names an annotation means, nobody can tell. */
async function expectOneNameEach(database: Database, file: string): Promise<void> {
  const [first] = await database.rows<{ id: string; names: string }>(
    `SELECT id, string_agg('"' || name || '"', ' and ' ORDER BY ordinal) AS names FROM categories
     GROUP BY id HAVING count(DISTINCT lower(name)) > 1 ORDER BY min(ordinal) LIMIT 1`,
  );
  if (first === undefined) return;
  const { id, names } = first;
  throw new SerengetiError('METADATA_INVALID', `${file}: the category ${id} has several names: ${names}`, {
    details: { file, id },
  });
}

/** An annotation of an image that is there twice could mean either. */
async function rejectRepeatedImages(context: StagingContext, source: RowSource): Promise<void> {
  const { repeated } = await context.database.row<{ repeated: number }>(
    'SELECT count(id) - count(DISTINCT (season, id)) FILTER (id IS NOT NULL) AS repeated FROM frame_rows',
  );
  if (repeated > 0) await rejectRepeated(context, 'frame_rows', 'id', source);
}

/** Fills the tables. Returns how many elements each array has. */
async function loadArrays(file: JsonFile, context: StagingContext): Promise<Record<ArrayName, number>> {
  const { database, scratch, signal, onBytes } = context;
  const counts = new Map<string, number>();
  const parts = new Map<string, NdjsonParts>(
    ARRAYS.map((array) => [
      array,
      new NdjsonParts(scratch, (path, firstOrdinal) =>
        database.inParallel(INSERTS[array](path, firstOrdinal, context)),
      ),
    ]),
  );
  const pending: (() => Promise<void>)[] = [];
  try {
    await file.scan(
      {
        members: ARRAYS,
        body: (array, bytes, boundary, elements) =>
          pending.push(() => parts.get(array)!.write(bytes, boundary, elements)),
        end: (array, elements) => counts.set(array, elements),
      },
      signal,
      async (bytes) => {
        for (const write of pending.splice(0)) await write();
        onBytes(bytes);
      },
    );
    for (const part of parts.values()) await part.end();
  } finally {
    for (const part of parts.values()) await part.discard();
  }
  const missing = ARRAYS.find((array) => !counts.has(array));
  if (missing !== undefined) throw new SerengetiError('METADATA_INVALID', `${file.name} has no "${missing}"`);
  return Object.fromEntries(counts) as Record<ArrayName, number>;
}

/** Members of the elements that are read, as text. */
const MEMBERS: Readonly<Record<ArrayName, readonly string[]>> = {
  images: [
    'id',
    'file_name',
    'seq_id',
    'frame_num',
    'location',
    'datetime',
    'date_captured',
    'width',
    'height',
    'corrupt',
  ],
  annotations: ['seq_id', 'image_id', 'category_id'],
  categories: ['id', 'name'],
};

/** SQL: when an image was taken; Caltech's and iWildCam's files have another name for it. */
const TIME = `coalesce(nullif(trim(datetime), ''), date_captured)`;

/** SQL: the lines of a part with their ordinals. A line that is no object has no values. */
function lines(array: ArrayName, path: string, firstOrdinal: number, columns: Columns): string {
  const types = MEMBERS[array].map((member) => `${member}: 'VARCHAR'`).join(', ');
  const source = `read_json(${quoted(path)}, format = 'newline_delimited', ignore_errors = true, columns = {${types}})`;
  return numbered(source, columns, firstOrdinal);
}

const INSERTS: Readonly<Record<ArrayName, (path: string, firstOrdinal: number, context: StagingContext) => string>> = {
  images: (path, firstOrdinal, context) => `INSERT INTO frame_rows BY NAME
    SELECT * FROM ${lines('images', path, firstOrdinal, {
      id: identity('id'),
      sequence: `coalesce(${identity('seq_id')}, ${identity('id')})`,
      file_name: filePath('file_name'),
      season: seasonOfFrame(context),
      site: identity('location'),
      position: integer('frame_num'),
      other_time: otherTime(TIME),
      datetime: localTime(TIME),
      corrupt: `coalesce(try_cast(corrupt AS BOOLEAN), false) OR coalesce(${integer('width')} < 0, false)`,
      width: size('width'),
      height: size('height'),
    })} WHERE ${wantedRows(context)}`,
  annotations: (path, firstOrdinal, context) => `INSERT INTO annotations BY NAME
    SELECT * FROM ${lines('annotations', path, firstOrdinal, {
      sequence: identity('seq_id'),
      season: seasonOfSequence(context),
      image_id: `if(sequence IS NULL, ${identity('image_id')}, NULL)`,
      category: identity('category_id'),
    })} WHERE ${wantedRows(context)}`,
  categories: (path, firstOrdinal) => `INSERT INTO categories BY NAME
    SELECT * FROM ${lines('categories', path, firstOrdinal, { season: 'NULL::SMALLINT', id: identity('id'), name: trimmed('name') })}`,
};

/** SQL: a width or height; -1 stands for a frame that could not be read. */
function size(text: string): string {
  return `if(${integer(text)} < 0, NULL, ${integer(text)})`;
}

/** SQL: what the annotations tell of each sequence; those without a sequence have their image's. */
const TOLD = `(
  SELECT annotations.ordinal, annotations.sequence, name AS label
  FROM annotations JOIN categories ON categories.id = category WHERE annotations.sequence IS NOT NULL
  UNION ALL
  SELECT annotations.ordinal, frame_rows.sequence, name AS label
  FROM annotations JOIN categories ON categories.id = category JOIN frame_rows ON frame_rows.id = image_id
  WHERE annotations.sequence IS NULL)`;
