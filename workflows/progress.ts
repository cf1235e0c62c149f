import { defineQuery, setHandler } from '@temporalio/workflow';
import { PROGRESS_QUERY, type RunProgress } from '../lib/contracts/run';
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
