import { seasonOfSequence } from './names';
import type { Staged, StagingContext } from './staging';

/**
 * Makes `label_sets` of a relation with a row a label.
 *
 * @param told - SQL of the relation: ordinal, sequence, label.
 */
export async function makeLabelSets(context: StagingContext, told: string): Promise<Staged['labelsOf']> {
  const { database } = context;
  await database.run(`CREATE TABLE known_labels AS
    SELECT label, row_number() OVER (ORDER BY label) - 1 AS position FROM (SELECT DISTINCT label FROM ${told})`);
  await database.run(`CREATE TABLE label_sets AS
    WITH pairs AS (SELECT min(ordinal) AS ordinal, sequence, label FROM ${told} GROUP BY sequence, label)
    SELECT min(ordinal) AS ordinal, ${seasonOfSequence(context)} AS season, sequence,
      if(count(*) = 1, any_value(position)::VARCHAR, string_agg(position::VARCHAR, ',' ORDER BY position)) AS pattern
    FROM pairs JOIN known_labels USING (label) GROUP BY sequence`);
  const labels = await database.rows<{ label: string }>('SELECT label FROM known_labels ORDER BY position');
  return (pattern) => pattern.split(',').map((position) => labels[Number(position)]?.label ?? '');
}
