import type { Split } from '../../contracts/pick';
import type { FrameOptions } from '../../contracts/runInput';
import { quoted, quotedList, type Database } from '../database';
import { emptiesToKeep } from './empties';
import { drawOf } from './shards';

/** A reason not to pick a sequence. */
interface Rule {
  readonly reason: string;
  /** Finds the candidates it takes away, of those that earlier rules left (`remaining`). @returns SQL of a condition */
  readonly drops: (database: Database) => Promise<string>;
}

/** Sequences that nothing can be learned from, whatever the options are. */
const UNUSABLE: readonly Rule[] = [
  { reason: 'no class', drops: () => Promise.resolve('len(labels) = 0') },
  { reason: 'no frame that can be read', drops: () => Promise.resolve('first_frame IS NULL') },
];

const AT_HELD_OUT_SITE = 'at a site that is held out of training';

/**
 * Reasons that leave a sequence out of the counts before picking. What sites that are held out show must not reach the
 * model by way of the class frequencies either.
 */
export const UNCOUNTED_REASONS: readonly string[] = [...UNUSABLE.map(({ reason }) => reason), AT_HELD_OUT_SITE];

/** Marks the candidates that are not picked, rule by rule. */
export async function applyRules(
  database: Database,
  options: FrameOptions,
  emptyClass: string,
  seed: number,
): Promise<void> {
  await database.run('CREATE TEMP VIEW remaining AS SELECT rowid AS row, * FROM candidates WHERE dropped IS NULL');
  for (const { reason, drops } of [...UNUSABLE, ...rulesOf(options, emptyClass, seed)]) {
    const condition = await drops(database);
    await database.run(`UPDATE candidates SET dropped = ${quoted(reason)} WHERE dropped IS NULL AND (${condition})`);
  }
}

function rulesOf(options: FrameOptions, emptyClass: string, seed: number): Rule[] {
  const { holdOutSites, keepEmpties, minPerClass, maxPerClass, maxTrain, maxValidation, splitBySite } = options;
  const rules: (Rule | false)[] = [
    holdOutSites > 0 && heldOutSites(holdOutSites, seed),
    minPerClass > 0 && rareClasses(minPerClass),
    keepEmpties !== 1 && surplusEmpties(keepEmpties, emptyClass),
    maxPerClass !== undefined && surplusOfClass(maxPerClass),
    maxTrain !== undefined && surplus('train', maxTrain),
    splitBySite && trainedSites(),
    maxValidation !== undefined && surplus('validation', maxValidation),
  ];
  return rules.filter((rule) => rule !== false);
}

/** Sites are drawn one by one, in an order that other sites do not change. */
function heldOutSites(share: number, seed: number): Rule {
  return {
    reason: AT_HELD_OUT_SITE,
    async drops(database) {
      const sites = await database.rows<{ site: string }>(
        `SELECT site FROM remaining WHERE split = 'validation' GROUP BY site ORDER BY ${drawOf(seed, 'sites', 'site')}`,
      );
      const drawn = sites.slice(0, Math.max(1, Math.round(share * sites.length)));
      return `split = 'train' AND list_contains(${quotedList(drawn.map(({ site }) => site))}, site)`;
    },
  };
}

/** A sequence goes with the rarest of its classes: what is left must not show what the model is not told about. */
function rareClasses(least: number): Rule {
  return {
    reason: `a class with fewer than ${least} training sequences`,
    async drops(database) {
      const rare = await database.rows<{ class: string }>(
        `SELECT class FROM (SELECT unnest(labels) AS class FROM remaining WHERE split = 'train')
         GROUP BY class HAVING count(*) < ${least}`,
      );
      return `split = 'train' AND list_has_any(labels, ${quotedList(rare.map((row) => row.class))})`;
    },
  };
}

/** Season by season, so that another season changes nothing in this one. */
function surplusEmpties(share: number | undefined, emptyClass: string): Rule {
  return {
    reason:
      share === undefined ? 'empty, beyond those that are kept' : `empty, beyond the share of ${share} that is kept`,
    async drops(database) {
      const empty = `split = 'train' AND labels = ${quotedList([emptyClass])}`;
      const seasons = await database.rows<{ season: string; empties: number; others: number }>(
        `SELECT season, count(*) FILTER (${empty}) AS empties, count(*) FILTER (NOT (${empty})) AS others
         FROM remaining WHERE split = 'train' GROUP BY season`,
      );
      const conditions = ['false'];
      for (const { season, empties, others } of seasons) {
        const ofSeason = `season = ${quoted(season)}`;
        const first = await firstBeyond(database, `${empty} AND ${ofSeason}`, emptiesToKeep(share, empties, others));
        if (first !== undefined) conditions.push(`(${ofSeason} AND draw >= ${first})`);
      }
      return `${empty} AND (${conditions.join(' OR ')})`;
    },
  };
}

/** A sequence of several classes must be among the first of each. */
function surplusOfClass(most: number): Rule {
  return {
    reason: `beyond the first ${most} of a class`,
    drops: () =>
      Promise.resolve(`rowid IN (
        WITH shown AS (SELECT row, draw, unnest(labels) AS class FROM remaining WHERE split = 'train')
        SELECT row FROM shown QUALIFY row_number() OVER (PARTITION BY class ORDER BY draw) > ${most})`),
  };
}

function surplus(split: Split, most: number): Rule {
  return {
    reason: `beyond the first ${most} for ${split === 'train' ? 'training' : 'validation'}`,
    async drops(database) {
      const ofSplit = `split = ${quoted(split)}`;
      const first = await firstBeyond(database, ofSplit, most);
      return first === undefined ? 'false' : `${ofSplit} AND draw >= ${first}`;
    },
  };
}

function trainedSites(): Rule {
  return {
    reason: 'at a site that training sees',
    drops: () => Promise.resolve(`split = 'validation' AND site IN (SELECT site FROM remaining WHERE split = 'train')`),
  };
}

/**
 * SQL: the draw of the first candidate of a group that is one too many, `undefined` when none is. Looking for it is
 * faster than numbering them all.
 */
async function firstBeyond(database: Database, group: string, most: number): Promise<string | undefined> {
  const [row] = await database.rows<{ draw: string }>(
    `SELECT draw::VARCHAR AS draw FROM (SELECT draw FROM remaining WHERE ${group} ORDER BY draw LIMIT 1 OFFSET ${most})`,
  );
  return row && `${quoted(row.draw)}::UHUGEINT`;
}
