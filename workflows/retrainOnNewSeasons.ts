import { sleep, workflowInfo } from '@temporalio/workflow';
import { formatSeconds } from '../lib/contracts/format';
import {
  retrainInputSchema,
  type RetrainInput,
  type RetrainRequest,
  type RetrainResult,
  type SeasonLook,
} from '../lib/contracts/retrain';
import type { RunResult } from '../lib/contracts/run';
import type { RunRequest } from '../lib/contracts/runInput';
import { parseWith } from '../lib/contracts/validate';
import { Control } from './control';
import { inline } from './details';
import { renderFailure } from './endings';
import { acceptInput } from './input';
import { renderRetraining, RetrainingDetails } from './retrainingDetails';
import { executeShared } from './shared';
import { trainPipeline } from './trainPipeline';

/**
 * Looks whether a catalog has seasons that its champion does not know, and if so trains a challenger on old and new ones.
 * It becomes champion if it beats the present one on the same held-out frames. A season that is still being published is
 * left for the next time.
 *
 * @param request - one JSON object; `{}` looks at the sample. All problems of it are reported at once.
 */
export async function retrainOnNewSeasons(request: RetrainRequest = {}): Promise<RetrainResult> {
  const input = acceptInput(() =>
    parseWith(retrainInputSchema, request, 'INPUT_INVALID', 'The input of the retraining'),
  );
  const control = new Control();
  const details = new RetrainingDetails(control);
  try {
    const result = await retrain(control, details, input);
    details.end(renderRetraining(result));
    return result;
  } catch (error) {
    details.end(renderFailure(error));
    throw error;
  }
}

async function retrain(control: Control, details: RetrainingDetails, input: RetrainInput): Promise<RetrainResult> {
  details.say(`Looking for new seasons in ${inline(input.catalog)}.`);
  const { catalog, seasons, known, champion } = await control.run(
    'surveySeasons',
    { id: 'survey', summary: `Seasons of ${input.catalog.slice(0, 150)}` },
    { catalog: input.catalog },
  );
  const unknown = seasons.filter((season) => !known.includes(season));
  const found = { catalog, newSeasons: [], waiting: [], ...(champion === undefined ? {} : { champion }) };
  if (unknown.length === 0) {
    const reason = `${champion} knows all ${seasons.length} seasons of ${catalog}, or they were tried against it.`;
    return { ...found, outcome: 'nothing new', reason };
  }

  const looks = await lookTwice(control, details, input, unknown);
  const newSeasons = looks.filter(({ waits }) => waits === undefined).map(({ season }) => season);
  const waiting = looks.flatMap(({ season, waits }) => (waits === undefined ? [] : [{ season, reason: waits }]));
  if (newSeasons.length === 0) {
    const reason = `${names(waiting)} not published whole yet.`;
    return { ...found, waiting, outcome: 'waiting', reason };
  }

  const plan = await control.run(
    'planRetraining',
    { id: 'plan', summary: `Takes in ${newSeasons.join(', ').slice(0, 180)}` },
    { catalog: input.catalog, heldOut: input.heldOut, run: input.run, available: [...known, ...newSeasons] },
  );
  if (plan.request === undefined) {
    return { ...found, waiting, outcome: 'waiting', reason: plan.obstacle };
  }

  details.say(`Training a challenger that takes in ${inline(newSeasons.join(', '))}: run \`${trainingRun()}\`.`);
  const { run, result } = await train(control, plan.request, newSeasons);
  const { name: challenger, ...judgement } = result.registered;
  return { catalog, newSeasons, waiting, run, challenger, ...judgement };
}

/** Two looks at the new seasons, with time between them: what is being uploaded has grown by then. */
async function lookTwice(
  control: Control,
  details: RetrainingDetails,
  { catalog, settleSeconds }: RetrainInput,
  seasons: string[],
): Promise<SeasonLook[]> {
  const look = (id: string, summary: string, before?: SeasonLook[]): Promise<SeasonLook[]> =>
    control.run('lookAtSeasons', { id, summary }, { catalog, seasons, ...(before === undefined ? {} : { before }) });
  const first = await look('look:1', 'Whether the new seasons are whole');
  if (first.every(({ waits }) => waits !== undefined)) return first;
  details.say(
    `New: ${inline(seasons.join(', '))}. Looking again in ${formatSeconds(settleSeconds)} whether they still change.`,
  );
  await sleep(settleSeconds * 1000);
  return await look('look:2', 'Whether they have changed since', first);
}

function trainingRun(): string {
  return `${workflowInfo().workflowId}-train`;
}

async function train(
  control: Control,
  request: RunRequest,
  newSeasons: readonly string[],
): Promise<{ readonly run: string; readonly result: RunResult }> {
  const run = trainingRun();
  const summary = `Challenger with ${newSeasons.join(', ').slice(0, 180)}`;
  const workflow = trainPipeline as (request: RunRequest) => Promise<RunResult>;
  const child = { workflowId: run, summary, input: () => request };
  const result = await control.attemptChild(run, (belongsTo) => executeShared(workflow, child, belongsTo));
  return { run, result };
}

function names(waiting: RetrainResult['waiting']): string {
  return waiting.map(({ season }) => season).join(', ');
}
