import type { Catalog } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import { quotedList, type Database } from './database';
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
    `SELECT pattern, count(*) AS sequences FROM season_sequences WHERE pattern IS NOT NULL
     GROUP BY pattern ORDER BY pattern`,
  );
  const mapping = new LabelMapping(catalog);
  const unknown = new Map<string, Occurrence[]>();
  const resolved = found.map((occurrence) => {
    const raw = [...new Set(staged.labelsOf(occurrence.pattern))].sort();
    const meanings = raw.flatMap((label) => {
      const meaning = mapping.meaning(label);
      if (meaning !== 'unknown') return [meaning];
      unknown.set(label, [...(unknown.get(label) ?? []), occurrence]);
      return [];
    });
    return { pattern: occurrence.pattern, classes: sequenceClasses(meanings, catalog.emptyClass), raw };
  });
  if (unknown.size > 0) throw await unknownClasses(database, unknown, staged);

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
}

async function unknownClasses(
  database: Database,
  unknown: ReadonlyMap<string, readonly Occurrence[]>,
  { labelRows }: Staged,
): Promise<SerengetiError> {
  await labelRows.number?.();
  const found: { readonly label: string; readonly sequences: number; readonly first: number }[] = [];
  for (const [label, occurrences] of unknown) {
    const patterns = quotedList(occurrences.map(({ pattern }) => pattern));
    const { first } = await database.row<{ first: number }>(
      `SELECT min(ordinal) AS first FROM label_sets SEMI JOIN season_sequences USING (sequence)
       WHERE list_contains(${patterns}, pattern)`,
    );
    found.push({ label, sequences: occurrences.reduce((sum, { sequences }) => sum + sequences, 0), first });
  }
  found.sort((a, b) => b.sequences - a.sequences || a.first - b.first);
  const places = await labelRows.places(found.map(({ first }) => first));
  const lines = found.map(({ label, sequences, first }) => {
    const place = describePlace(places.get(first) ?? { file: labelRows.name });
    return `  - "${label}": ${sequences} ${sequences === 1 ? 'sequence' : 'sequences'}, first at ${place}`;
  });
  return new SerengetiError(
    'CLASS_UNKNOWN',
    `${labelRows.name} has ${found.length === 1 ? 'a label' : `${found.length} labels`} that the catalog does not know:\n` +
      lines.join('\n'),
    { details: { labels: Object.fromEntries(found.map(({ label, sequences }) => [label, sequences])) } },
  );
}
