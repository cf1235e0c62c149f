import { z } from 'zod';
import { SerengetiError } from '../../contracts/errors';
import { parseWith } from '../../contracts/validate';
import { parseJsonText } from '../../io/jsonText';
import { topLevelValue } from '../../io/topLevelValue';
import { quoted, quotedList } from '../database';
import { JsonFile } from '../input/jsonFile';
import { jsonMember, type Member } from '../input/member';
import { NdjsonParts } from '../input/ndjsonParts';
import { numbered } from '../input/numbered';
import { rejectRepeated, rejectRows } from './rows';
import type { StagingContext } from './staging';
import { filePath } from './values';

// MegaDetector's output format, 1.0 to 1.6: https://lila.science/megadetector-output-format

const IMAGES = 'images';
/** Objects beside the images are small; what is longer is none of them. */
const MOST_BYTES = 1 << 20;
/** How far a box may reach out of its photograph: detectors round its corners. */
const ROUNDING = 0.01;

const infoSchema = z.looseObject({ format_version: z.coerce.string().optional() });
const categoriesSchema = z.record(z.string(), z.string().min(1));

type DetectionsContext = Pick<StagingContext, 'database' | 'rejections' | 'seasons' | 'scratch' | 'signal' | 'onBytes'>;

/**
 * Makes the table `detections`, a row an image of a file in MegaDetector's format: `file_name`, composed; `boxes`, a list
 * of structs of `kind`, `confidence`, `x`, `y`, `width` and `height`, the surest first, `NULL` where the detector failed. What
 * reaches out of the photograph is cut off. Images with a detection that is none are rejected.
 *
 * @throws SerengetiError METADATA_INVALID with file, line and column
 */
export async function readDetections(path: string, context: DetectionsContext): Promise<void> {
  const { database } = context;
  const member = await jsonMember(path);
  await expectVersion(member);
  const kinds = await kindsOf(member);
  const file = new JsonFile(member);
  await database.run(`CREATE OR REPLACE TABLE detection_rows (ordinal BIGINT, season SMALLINT, file_name VARCHAR, failed BOOLEAN,
    boxes STRUCT(category VARCHAR, confidence DOUBLE, bbox DOUBLE[])[])`);
  await database.run('CREATE OR REPLACE TABLE detection_kinds (category VARCHAR, kind VARCHAR)');
  await database.append('detection_kinds', [Object.keys(kinds), Object.values(kinds)]);
  await loadImages(file, context);
  const source = {
    name: file.name,
    places: (ordinals: readonly number[]) => file.elementPlaces(IMAGES, ordinals),
  };
  await rejectRows(context, {
    table: 'detection_rows',
    source,
    problem: `CASE WHEN file_name IS NULL THEN 'has no file'
      WHEN boxes IS NULL AND NOT failed THEN 'has neither detections nor failure'
      WHEN len(list_filter(boxes, lambda box: NOT coalesce(${isSound(Object.keys(kinds))}, false))) > 0
        THEN 'has a detection without a known category, a conf from 0 to 1 and a bbox within the photograph' END`,
    value: 'file_name',
  });
  await rejectRepeated(context, 'detection_rows', 'file_name', source);
  await database.run(`CREATE OR REPLACE TABLE detections AS
    SELECT file_name, if(failed, NULL, coalesce(found.boxes, [])) AS boxes FROM detection_rows
    LEFT JOIN (
      SELECT ordinal, list({ kind: kind, confidence: confidence, x: x, y: y, width: width, height: height }
        ORDER BY confidence DESC, x, y, width, height, kind) AS boxes
      FROM (
        SELECT ordinal, kind, box.confidence AS confidence, greatest(box.bbox[1], 0) AS x, greatest(box.bbox[2], 0) AS y,
          ${within('box.bbox[1]', 'box.bbox[3]')} AS width, ${within('box.bbox[2]', 'box.bbox[4]')} AS height
        FROM (SELECT ordinal, unnest(boxes) AS box FROM detection_rows)
        JOIN detection_kinds ON detection_kinds.category = box.category)
      GROUP BY ordinal) AS found USING (ordinal)`);
}

/** SQL: whether a detection can be used. Comparisons with NaN and with what is missing are not true. */
function isSound(categories: readonly string[]): string {
  return `list_contains(${quotedList(categories)}, box.category) AND box.confidence BETWEEN 0 AND 1 AND len(box.bbox) = 4
    AND box.bbox[1] BETWEEN -${ROUNDING} AND 1 AND box.bbox[2] BETWEEN -${ROUNDING} AND 1
    AND least(box.bbox[1] + box.bbox[3], 1) > greatest(box.bbox[1], 0)
    AND least(box.bbox[2] + box.bbox[4], 1) > greatest(box.bbox[2], 0)
    AND box.bbox[1] + box.bbox[3] <= 1 + ${ROUNDING} AND box.bbox[2] + box.bbox[4] <= 1 + ${ROUNDING}`;
}

/** SQL: what of a side lies within the photograph; one that does is left as it is, to the last bit. */
function within(start: string, size: string): string {
  return `if(${start} < 0 OR ${start} + ${size} > 1, least(${start} + ${size}, 1) - greatest(${start}, 0), ${size})`;
}

async function expectVersion(member: Member): Promise<void> {
  const { format_version: version = '1.0' } = (await objectOf(member, 'info', infoSchema)) ?? {};
  if (/^v?1(\.|$)/.test(version)) return;
  throw new SerengetiError(
    'METADATA_INVALID',
    `${member.name} is in version ${version} of MegaDetector's format; 1.0 to 1.6 are read`,
  );
}

/** What is detected, by category. */
async function kindsOf(member: Member): Promise<Record<string, string>> {
  const categories = await objectOf(member, 'detection_categories', categoriesSchema);
  if (categories === undefined) {
    throw new SerengetiError(
      'METADATA_INVALID',
      `${member.name} has no "detection_categories": it is not in MegaDetector's output format`,
    );
  }
  return Object.fromEntries(Object.entries(categories).map(([id, name]) => [id, name.trim().toLowerCase()]));
}

async function objectOf<T extends z.ZodType>(member: Member, key: string, schema: T): Promise<z.output<T> | undefined> {
  const stream = member.open();
  try {
    const text = await topLevelValue(stream, key, MOST_BYTES);
    if (text === undefined) return undefined;
    const where = `${member.name}, ${key}`;
    return parseWith(schema, parseJsonText(text, where, 'METADATA_INVALID'), 'METADATA_INVALID', where);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SerengetiError('METADATA_INVALID', `${member.name}, ${key}: ${error.message}`, { cause: error });
  } finally {
    stream.destroy();
  }
}

/** Fills `detection_rows`. */
async function loadImages(file: JsonFile, { database, scratch, signal, onBytes }: DetectionsContext): Promise<void> {
  const parts = new NdjsonParts(scratch, (path, first) => database.inParallel(insertion(path, first)));
  const pending: (() => Promise<void>)[] = [];
  let found = false;
  try {
    await file.scan(
      {
        members: [IMAGES],
        body: (_member, bytes, boundary, elements) => pending.push(() => parts.write(bytes, boundary, elements)),
        end: () => (found = true),
      },
      signal,
      async (bytes) => {
        for (const write of pending.splice(0)) await write();
        onBytes(bytes);
      },
    );
    await parts.end();
  } finally {
    await parts.discard();
  }
  if (!found) throw new SerengetiError('METADATA_INVALID', `${file.name} has no "${IMAGES}"`);
}

/** SQL: takes in a part's lines. Detections are taken apart by hand: one that is none must not cost its neighbours. */
function insertion(path: string, firstOrdinal: number): string {
  const columns = `{file: 'VARCHAR', failure: 'VARCHAR', detections: 'JSON'}`;
  const source = `read_json(${quoted(path)}, format = 'newline_delimited', ignore_errors = true, columns = ${columns})`;
  const rows = numbered(
    source,
    {
      season: 'NULL::SMALLINT',
      file_name: `nfc_normalize(${filePath('file')})`,
      failed: "coalesce(failure, '') <> ''",
      boxes: `list_transform(try_cast(detections AS JSON[]), lambda one: {
        category: json_extract_string(one, '$.category'),
        confidence: try_cast(json_extract_string(one, '$.conf') AS DOUBLE),
        bbox: try_cast(json_extract(one, '$.bbox') AS DOUBLE[])
      })`,
    },
    firstOrdinal,
  );
  return `INSERT INTO detection_rows BY NAME SELECT * FROM ${rows}`;
}
