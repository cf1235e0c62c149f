import { forcedSteps, isToDo, type PlannedStep, type RunPlan } from '../../contracts/plan';
import { STEP_NAMES, type StepName } from '../../contracts/steps';
import { sumOf, type Made, type Planned, type Share } from '../step';
import { stepList } from '../steps';
import type { Rates } from './rates';

const FIGURES = ['fetchBytes', 'diskBytes', 'frames'] as const;

/** What a run would do and need, from what is there and how fast things went before. */
export function estimate(run: Planned, rates: Rates): RunPlan {
  const { trainSeasons, validationSeasons } = run.split;
  const planned: Planned = { ...run, made: withoutForced(run) };
  const steps = STEP_NAMES.flatMap((name) => {
    const tasks = stepList.filter(({ step }) => step === name);
    const shares = tasks.flatMap((task) => task.estimate?.(planned) ?? []);
    return shares.length === 0 ? [] : [joined(name, shares, rates[name])];
  });
  const toDo = steps.filter(isToDo);
  const sum = (figure: (step: PlannedStep) => number | undefined): number => sumOf(toDo, (step) => figure(step) ?? 0);
  return {
    trainSeasons,
    validationSeasons,
    steps,
    fetchBytes: sum(({ fetchBytes }) => fetchBytes),
    diskBytes: sum(({ diskBytes }) => diskBytes),
    seconds: sum(({ seconds }) => seconds),
    unknownSeconds: toDo.filter(({ seconds }) => seconds === undefined).map(({ step }) => step),
  };
}

/** What is left when the forced steps, and all behind them, are taken away. */
function withoutForced({ made, input }: Planned): Made {
  const forced = forcedSteps(input.force);
  const gone = stepList.filter(({ step }) => forced.includes(step)).map(({ name }) => [name, []]);
  return { ...made, ...(Object.fromEntries(gone) as Partial<Made>) };
}

/** What the tasks of a step come to. */
function joined(step: StepName, shares: readonly Share[], rate: number | undefined): PlannedStep {
  const sum = (figure: keyof Share): number => sumOf(shares, (share) => share[figure] ?? 0);
  const known = (figure: keyof Share): boolean => shares.some((share) => share[figure] !== undefined);
  const figures = FIGURES.filter(known).map((figure) => [figure, sum(figure)]);
  return {
    step,
    reused: sum('reused'),
    parts: sum('parts'),
    ...(Object.fromEntries(figures) as Partial<PlannedStep>),
    ...(rate === undefined || !known('work') ? {} : { seconds: sum('work') / rate }),
  };
}
