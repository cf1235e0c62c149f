import { defineQuery, setHandler } from '@temporalio/workflow';
import { PLAN_QUERY, type DryRun, type RunPlan } from '../lib/contracts/plan';
import { PROGRESS_QUERY, RESULT_QUERY, type RunProgress, type RunResult } from '../lib/contracts/run';
import { Control } from './control';
import { Ledger } from './ledger';

/** How far the workflow is. What runs right now tells its own progress in heartbeats. */
export const progressQuery = defineQuery<RunProgress>(PROGRESS_QUERY);

/** A ledger that answers the workflow's query `progress`, and takes the updates by which people control it. */
export function answeringLedger(bytesPerSecond: number | null = null): Ledger {
  const ledger = new Ledger(new Control(bytesPerSecond));
  setHandler(progressQuery, () => ledger.progress(), { description: 'How far each step is.' });
  return ledger;
}

/** What the queries `plan` and `result` answer. */
export interface Answers {
  plan: RunPlan | null;
  result: RunResult | DryRun | null;
}

const planQuery = defineQuery<RunPlan | null>(PLAN_QUERY);
const resultQuery = defineQuery<RunResult | DryRun | null>(RESULT_QUERY);

/** Answers the queries `plan` and `result` with what is put into the object. */
export function answeringResults(): Answers {
  const answers: Answers = { plan: null, result: null };
  setHandler(planQuery, () => answers.plan, { description: 'What a dry run found that it would do.' });
  setHandler(resultQuery, () => answers.result, { description: 'What the run gives back, once it has ended.' });
  return answers;
}
