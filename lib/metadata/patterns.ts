import type { Catalog } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import type { Database } from './database';
import type { Staged } from './formats/staging';
import { LabelMapping, sequenceClasses } from './labels';
import { describePlace } from './rejections';

/**
 * Makes the table `patterns` (pattern, labels, raw_labels): what each combination of labels that occurs means in the
 * catalog's classes. There are few, however many sequences there are.
 *
 * @throws SerengetiError CLASS_UNKNOWN naming every unknown label, how often it occurs, and where first
 */
export async function resolvePatterns(database: Database, catalog: Catalog, staged: Staged): Promise<void> {
  const found = await database.rows<Occurrence>(
    `SELECT pattern, count(*) AS sequences, min(ordinal) AS first FROM season_sequences WHERE pattern IS NOT NULL
     GROUP BY pattern ORDER BY pattern`,
  );
  const mapping = new LabelMapping(catalog);
  const unknown = new Map<string, Occurrence>();
  const resolved = found.map((occurrence) => {
    const raw = [...new Set(staged.labelsOf(occurrence.pattern))].sort();
    const classes = raw.flatMap((label) => {
      const meaning = mapping.meaning(label);
      if (meaning === 'unknown') note(unknown, label, occurrence);
      return meaning === 'unknown' || meaning.className === null ? [] : [meaning.className];
    });
    return { pattern: occurrence.pattern, classes: sequenceClasses(classes, catalog.emptyClass), raw };
  });
  if (unknown.size > 0) throw await unknownClasses(unknown, staged);

  await database.run(
    'CREATE OR REPLACE TEMP TABLE patterns_json (pattern VARCHAR, labels VARCHAR, raw_labels VARCHAR)',
  );
  await database.append('patterns_json', [
    resolved.map(({ pattern }) => pattern),
    resolved.map(({ classes }) => JSON.stringify(classes)),
    resolved.map(({ raw }) => JSON.stringify(raw)),
  ]);
  await database.run(`CREATE OR REPLACE TEMP TABLE patterns AS
    SELECT pattern, from_json(labels, '["VARCHAR"]') AS labels, from_json(raw_labels, '["VARCHAR"]') AS raw_labels
    FROM patterns_json`);
}

interface Occurrence {
  readonly pattern: string;
  readonly sequences: number;
  /** Ordinal of the first row. */
  readonly first: number;
}

function note(unknown: Map<string, Occurrence>, label: string, { pattern, sequences, first }: Occurrence): void {
  const before = unknown.get(label);
  unknown.set(label, {
    pattern,
    sequences: (before?.sequences ?? 0) + sequences,
    first: Math.min(before?.first ?? first, first),
  });
}

async function unknownClasses(unknown: Map<string, Occurrence>, { labelRows }: Staged): Promise<SerengetiError> {
  const sorted = [...unknown].sort(([, a], [, b]) => b.sequences - a.sequences);
  const places = await labelRows.places(sorted.map(([, { first }]) => first));
  const lines = sorted.map(([label, { sequences, first }]) => {
    const place = describePlace(places.get(first) ?? { file: labelRows.name });
    return `  - "${label}": ${sequences} ${sequences === 1 ? 'sequence' : 'sequences'}, first at ${place}`;
  });
  return new SerengetiError(
    'CLASS_UNKNOWN',
    `${labelRows.name} has ${unknown.size === 1 ? 'a label' : `${unknown.size} labels`} that the catalog does not know:\n` +
      lines.join('\n'),
    { details: { labels: Object.fromEntries(sorted.map(([label, { sequences }]) => [label, sequences])) } },
  );
}
