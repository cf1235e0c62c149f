import type { Catalog } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { ClassCount, DroppedCount, PickCounts, Split } from '../../contracts/pick';
import { quotedList, type Database } from '../database';
import { UNCOUNTED_REASONS } from './rules';

const SPLITS: readonly Split[] = ['train', 'validation'];

/** Counts what the rules did, class by class; classes without sequences included, in the catalog's order. */
export async function countPick(database: Database, { classes }: Pick<Catalog, 'classes'>): Promise<PickCounts> {
  const usable = `(SELECT * FROM candidates WHERE dropped IS NULL
    OR NOT list_contains(${quotedList(UNCOUNTED_REASONS)}, dropped))`;
  const counted = 'count(*) AS before, count(*) FILTER (dropped IS NULL) AS after';
  const perClass = await database.rows<ClassCount>(
    `SELECT class AS "className", split, ${counted}
     FROM (SELECT split, dropped, unnest(labels) AS class FROM ${usable}) GROUP BY ALL`,
  );
  const perSplit = await database.rows<{ split: Split; before: number; after: number }>(
    `SELECT split, ${counted} FROM ${usable} GROUP BY split`,
  );
  const dropped = await database.rows<DroppedCount>(
    `SELECT split, dropped AS reason, count(*) AS sequences FROM candidates WHERE dropped IS NOT NULL
     GROUP BY ALL ORDER BY split, sequences DESC, reason`,
  );
  const shared = await database.rows<{ site: string }>(
    `SELECT site FROM candidates WHERE dropped IS NULL GROUP BY site HAVING count(DISTINCT split) = 2 ORDER BY site`,
  );
  const countOf = (className: string, split: Split): ClassCount =>
    perClass.find((count) => count.className === className && count.split === split) ?? {
      className,
      split,
      before: 0,
      after: 0,
    };
  const totalOf = (wanted: Split): PickCounts['train'] => {
    const { before, after } = perSplit.find(({ split }) => split === wanted) ?? { before: 0, after: 0 };
    return { before, after };
  };
  return {
    classes: SPLITS.flatMap((split) => classes.map((className) => countOf(className, split))),
    train: totalOf('train'),
    validation: totalOf('validation'),
    samplingRates: Object.fromEntries(
      classes.map((className) => {
        const { before, after } = countOf(className, 'train');
        return [className, before === 0 ? 1 : after / before];
      }),
    ),
    dropped,
    sharedSites: shared.map(({ site }) => site),
  };
}

/** @throws SerengetiError PICK_EMPTY with what took everything away */
export function checkNotEmpty(counts: PickCounts): void {
  for (const split of SPLITS) {
    if (counts[split].after > 0) continue;
    const reasons = counts.dropped
      .filter((dropped) => dropped.split === split)
      .map(({ reason, sequences }) => `${sequences} ${reason}`);
    const why = reasons.length === 0 ? 'its seasons have none' : reasons.join('; ');
    throw new SerengetiError(
      'PICK_EMPTY',
      `No sequence is left ${split === 'train' ? 'to train on' : 'to validate on'}: ${why}`,
      { details: { split, dropped: counts.dropped.filter((dropped) => dropped.split === split) } },
    );
  }
}
