import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'csv-parse/sync';

// What Camtrap DP 1.0.2 demands of a package, as far as it is written here: columns that must have a value, texts that a
// column may have, identifiers that occur once, and those of other tables.

const TIME = { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)$` };
const TEXT = { type: 'string', minLength: 1 };
const degrees = (most: number) => ({ type: 'number', minimum: -most, maximum: most });
const oneOf = (...texts: string[]) => ({ enum: texts });

interface TableRules {
  readonly key: string;
  readonly refers: Readonly<Record<string, 'deployments' | 'media'>>;
  readonly required: readonly string[];
  readonly properties: object;
}

export const STANDARD: Readonly<Record<'deployments' | 'media' | 'observations', TableRules>> = {
  deployments: {
    key: 'deploymentID',
    refers: {},
    required: ['deploymentID', 'latitude', 'longitude', 'deploymentStart', 'deploymentEnd'],
    properties: {
      deploymentID: TEXT,
      latitude: degrees(90),
      longitude: degrees(180),
      coordinateUncertainty: { type: 'integer', minimum: 1 },
      deploymentStart: TIME,
      deploymentEnd: TIME,
    },
  },
  media: {
    key: 'mediaID',
    refers: { deploymentID: 'deployments' },
    required: ['mediaID', 'deploymentID', 'timestamp', 'filePath', 'filePublic', 'fileMediatype'],
    properties: {
      captureMethod: oneOf('activityDetection', 'timeLapse'),
      timestamp: TIME,
      filePath: { type: 'string', pattern: String.raw`^[^./~]`, not: { pattern: String.raw`\.\.` } },
      filePublic: oneOf('true', 'false'),
      fileMediatype: { type: 'string', pattern: '^(image|video|audio)/' },
    },
  },
  observations: {
    key: 'observationID',
    refers: { deploymentID: 'deployments', mediaID: 'media' },
    required: ['observationID', 'deploymentID', 'eventStart', 'eventEnd', 'observationLevel', 'observationType'],
    properties: {
      eventStart: TIME,
      eventEnd: TIME,
      observationLevel: oneOf('media', 'event'),
      observationType: oneOf('animal', 'human', 'vehicle', 'blank', 'unknown', 'unclassified'),
      classificationMethod: oneOf('human', 'machine'),
      classificationProbability: { type: 'number', minimum: 0, maximum: 1 },
    },
  },
};

const DESCRIPTOR = {
  type: 'object',
  required: ['resources', 'profile', 'created', 'contributors', 'project', 'spatial', 'temporal', 'taxonomic'],
  properties: {
    name: { type: 'string', pattern: '^[-a-z0-9._/]+$' },
    profile: { type: 'string', format: 'uri', pattern: 'camtrap-dp/1\\.0\\.2/' },
    created: { type: 'string', format: 'date-time' },
    contributors: {
      type: 'array',
      minItems: 1,
      items: {
        required: ['title'],
        properties: {
          role: oneOf('contact', 'principalInvestigator', 'rightsHolder', 'publisher', 'contributor'),
        },
      },
    },
    project: {
      type: 'object',
      required: ['title', 'samplingDesign', 'captureMethod', 'individualAnimals', 'observationLevel'],
      properties: {
        samplingDesign: oneOf(
          'simpleRandom',
          'systematicRandom',
          'clusteredRandom',
          'experimental',
          'targeted',
          'opportunistic',
        ),
        captureMethod: { type: 'array', minItems: 1, items: oneOf('activityDetection', 'timeLapse') },
        individualAnimals: { type: 'boolean' },
        observationLevel: { type: 'array', items: oneOf('media', 'event') },
      },
    },
    spatial: { type: 'object', required: ['type', 'coordinates'] },
    temporal: {
      type: 'object',
      required: ['start', 'end'],
      properties: { start: { type: 'string', format: 'date' }, end: { type: 'string', format: 'date' } },
    },
    taxonomic: {
      type: 'array',
      items: {
        required: ['scientificName'],
        properties: {
          scientificName: TEXT,
          vernacularNames: {
            type: 'object',
            patternProperties: { '^[a-z]{3}$': { type: 'string' } },
            additionalProperties: false,
          },
        },
      },
    },
    resources: {
      type: 'array',
      minItems: 3,
      items: {
        required: ['name', 'path', 'profile', 'schema'],
        properties: {
          profile: oneOf('tabular-data-resource'),
          schema: { type: 'string', format: 'uri', pattern: 'camtrap-dp/1\\.0\\.2/' },
        },
      },
    },
  },
};

type Row = Readonly<Record<string, string>>;

/** What the standard would refuse of a package, a line each. */
export async function problemsOf(folder: string): Promise<string[]> {
  const ajv = addFormats(new Ajv({ allErrors: true, coerceTypes: false, strict: false }));
  const problems: string[] = [];
  const check = (schema: object, value: unknown, place: string): void => {
    if (ajv.validate(schema, value)) return;
    for (const { instancePath, message } of ajv.errors ?? []) problems.push(`${place}${instancePath}: ${message}`);
  };
  check(DESCRIPTOR, JSON.parse(await readFile(join(folder, 'datapackage.json'), 'utf8')), 'datapackage.json');
  const tables = new Map<string, Row[]>();
  for (const [name, { key, refers, required, properties }] of Object.entries(STANDARD)) {
    const rows = parse<Row>(await readFile(join(folder, `${name}.csv`)), { columns: true });
    tables.set(name, rows);
    const schema = { type: 'object', required, properties };
    for (const [position, row] of rows.entries())
      check(schema, withNumbers(row, properties), `${name} ${position + 1}`);
    if (new Set(rows.map((row) => row[key])).size < rows.length) problems.push(`${name}: ${key} occurs twice`);
    for (const [column, table] of Object.entries(refers)) {
      const known = new Set(tables.get(table)!.map((row) => row[column]));
      const unknown = rows.filter((row) => row[column] !== '' && !known.has(row[column]));
      for (const row of unknown) problems.push(`${name}: ${column} ${row[column]} is not in ${table}`);
    }
  }
  return problems;
}

/** Empty cells are no values, and those of numbers are numbers. */
function withNumbers(row: Row, properties: object): Record<string, unknown> {
  const types = properties as Readonly<Record<string, { readonly type?: string }>>;
  const filled = Object.entries(row).filter(([, text]) => text !== '');
  return Object.fromEntries(
    filled.map(([name, text]) => [name, ['number', 'integer'].includes(types[name]?.type ?? '') ? Number(text) : text]),
  );
}
