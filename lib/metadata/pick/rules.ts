import type { FrameOptions } from '../../contracts/runInput';
import { quoted, quotedList, type Database } from '../database';

/** A reason not to pick a sequence. */
interface Rule {
  readonly reason: string;
  /** SQL: rowids of the candidates it takes away, from those that earlier rules left (`remaining`). */
  readonly drops: string;
}

/** Sequences that nothing can be learned from, whatever the options are. */
const UNUSABLE: readonly Rule[] = [
  { reason: 'no class', drops: 'SELECT row FROM remaining WHERE len(labels) = 0' },
  { reason: 'no frame that can be read', drops: 'SELECT row FROM remaining WHERE first_frame IS NULL' },
];

/** Reasons that leave a sequence out of the counts before picking. */
export const UNUSABLE_REASONS: readonly string[] = UNUSABLE.map(({ reason }) => reason);

/** Marks the candidates that are not picked, rule by rule. */
export async function applyRules(database: Database, options: FrameOptions, emptyClass: string): Promise<void> {
  await database.run(`CREATE TEMP VIEW remaining AS SELECT rowid AS row, * FROM candidates WHERE dropped IS NULL`);
  for (const { reason, drops } of [...UNUSABLE, ...rulesOf(options, emptyClass)]) {
    await database.run(`UPDATE candidates SET dropped = ${quoted(reason)} WHERE rowid IN (${drops})`);
  }
}

function rulesOf(options: FrameOptions, emptyClass: string): Rule[] {
  const { keepEmpties, minPerClass, maxPerClass, maxTrain, maxValidation, splitBySite } = options;
  const rules: (Rule | false)[] = [
    minPerClass > 0 && rareClasses(minPerClass),
    keepEmpties < 1 && surplusEmpties(keepEmpties, emptyClass),
    maxPerClass !== undefined && surplusOfClass(maxPerClass),
    maxTrain !== undefined && surplus('train', maxTrain),
    splitBySite && trainedSites(),
    maxValidation !== undefined && surplus('validation', maxValidation),
  ];
  return rules.filter((rule) => rule !== false);
}

/** A sequence goes with the rarest of its classes: what is left must not show what the model is not told about. */
function rareClasses(least: number): Rule {
  return {
    reason: `a class with fewer than ${least} training sequences`,
    drops: `WITH shown AS (SELECT row, unnest(labels) AS class FROM remaining WHERE split = 'train')
      SELECT row FROM shown QUALIFY count(*) OVER (PARTITION BY class) < ${least}`,
  };
}

/** Season by season, so that another season changes nothing in this one. */
function surplusEmpties(share: number, emptyClass: string): Rule {
  return {
    reason: `empty, beyond the share of ${share} that is kept`,
    drops: `SELECT row FROM remaining WHERE split = 'train' AND labels = ${quotedList([emptyClass])}
      QUALIFY row_number() OVER (PARTITION BY season ORDER BY draw) > round(${share} * count(*) OVER (PARTITION BY season))`,
  };
}

/** A sequence of several classes must be among the first of each. */
function surplusOfClass(most: number): Rule {
  return {
    reason: `beyond the first ${most} of a class`,
    drops: `WITH shown AS (SELECT row, draw, unnest(labels) AS class FROM remaining WHERE split = 'train')
      SELECT row FROM shown QUALIFY row_number() OVER (PARTITION BY class ORDER BY draw) > ${most}`,
  };
}

function surplus(split: 'train' | 'validation', most: number): Rule {
  return {
    reason: `beyond the first ${most} for ${split === 'train' ? 'training' : 'validation'}`,
    drops: `SELECT row FROM remaining WHERE split = '${split}' QUALIFY row_number() OVER (ORDER BY draw) > ${most}`,
  };
}

function trainedSites(): Rule {
  return {
    reason: 'at a site that training sees',
    drops: `SELECT row FROM remaining WHERE split = 'validation'
      AND site IN (SELECT site FROM remaining WHERE split = 'train')`,
  };
}
