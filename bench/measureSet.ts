import { trainingOptionsSchema, type FrameOptions, type RunRequest } from '../lib/contracts/runInput';
import { compare, meanOverSeeds, standingRows, type Standing } from './comparison';
import { logistic, noSkill, trained, type Match, type Scores, type TuningMeasure } from './contestants';
import type { FeatureSet } from './featureSet';

const SEEDS = [1, 2, 3];

export const NO_SKILL = 'true priors';
export const LOGISTIC = 'logistic';
/** C of a second regression, beside the one that chooses its own. */
const FIXED_STRENGTH = 0.01;

const BY_DEFAULT = trainingOptionsSchema.parse({});

/** A row for each way to train, by its name: what a run is told beside its catalog and frames. */
export type Trainings = Readonly<Record<string, RunRequest['training']>>;

/** A set, looked at in one way. */
export interface View {
  readonly title: string;
  readonly set: FeatureSet;
  readonly frames: FrameOptions;
  /** The same photographs as the network sees them at other inputs: a row each, trained as by default. */
  readonly others?: Readonly<Record<string, FeatureSet>>;
}

export interface MeasuredSet {
  /** A table with its head. */
  readonly rows: string[][];
  /** Log losses over the one of the logistic regression, and over the true priors', by what they are of. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Of the fine-tuned ones. */
  readonly tunings: readonly TuningMeasure[];
}

/**
 * Trains in several ways with three seeds each, and compares with scikit-learn's logistic regression on the same
 * features, and with answering the class frequencies of the training seasons every time.
 */
export async function measureSet(
  { title, set, frames, others = {} }: View,
  trainings: Trainings,
): Promise<MeasuredSet> {
  console.log(`${title} …`);
  const matches: Match[] = [];
  for (const seed of SEEDS) matches.push({ set, frames, seed, picked: await set.pick(frames, seed) });
  const tunings: TuningMeasure[] = [];
  const contestants: Record<string, Scores> = { [NO_SKILL]: await overSeeds(matches, noSkill) };
  for (const [name, request] of Object.entries(trainings)) {
    const options = trainingOptionsSchema.parse(request ?? {});
    contestants[name] = await overSeeds(matches, (match) => trained(match, options, (tuning) => tunings.push(tuning)));
  }
  for (const [name, other] of Object.entries(others)) {
    contestants[name] = await overSeeds(matches, async (match) => {
      const picked = await other.pick(frames, match.seed);
      return await trained({ ...match, set: other, picked }, BY_DEFAULT);
    });
  }
  contestants[LOGISTIC] = await overSeeds(matches, (match) => logistic(match));
  contestants[`${LOGISTIC}, C = ${FIXED_STRENGTH}`] = await overSeeds(matches, (match) =>
    logistic(match, FIXED_STRENGTH),
  );
  const standings = compare(contestants, LOGISTIC);
  const rows = standingRows(`${title}: ${describe(matches[0]!)}`, LOGISTIC, standings);
  return { rows, ratios: ratiosOf(title, [...Object.keys(trainings), ...Object.keys(others)], standings), tunings };
}

async function overSeeds(matches: readonly Match[], scores: (match: Match) => Promise<Scores>): Promise<Scores> {
  const runs: Scores[] = [];
  for (const match of matches) runs.push(await scores(match));
  return meanOverSeeds(runs);
}

function ratiosOf(title: string, names: readonly string[], standings: readonly Standing[]): Record<string, number> {
  const lossOf = (name: string) => standings.find((standing) => standing.name === name)!.logLoss.value;
  const ratios = names.flatMap((name) =>
    [LOGISTIC, NO_SKILL].map((other) => [`${title}: ${name} / ${other}`, lossOf(name) / lossOf(other)] as const),
  );
  return Object.fromEntries(ratios);
}

function describe({ set, picked }: Match): string {
  const framesOf = (wanted: string) => picked.frames.filter(({ split }) => split === wanted).length;
  const { classes } = set.catalog;
  const kept = picked.counts.samplingRates[set.catalog.emptyClass] ?? 1;
  const rate = kept < 1 ? `, ${(100 * kept).toFixed(0)} % of empties trained on` : '';
  return `${framesOf('train')} / ${framesOf('validation')} frames, ${classes.length} classes${rate}`;
}

/** Tables one below the other. */
export function stacked(tables: readonly MeasuredSet['rows'][]): string[][] {
  return tables.flatMap((rows, position) => (position === 0 ? rows : [rows[0]!.map(() => ''), ...rows]));
}
