import { defineQuery, setHandler } from '@temporalio/workflow';
import { PROGRESS_QUERY, type RunProgress } from '../lib/contracts/run';
import { Ledger } from './ledger';

/** How far the workflow is. What runs right now tells its own progress in heartbeats. */
export const progressQuery = defineQuery<RunProgress>(PROGRESS_QUERY);

/** A ledger that answers the workflow's query `progress`. */
export function answeringLedger(): Ledger {
  const ledger = new Ledger();
  setHandler(progressQuery, () => ledger.progress());
  return ledger;
}
