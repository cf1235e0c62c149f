import { forcedSteps, type DryRun } from '../lib/contracts/plan';
import type { RunInput } from '../lib/contracts/runInput';
import type { CatalogRef } from '../lib/contracts/steps';
import type { Ledger } from './ledger';
import type { Answers } from './progress';

interface Planned {
  readonly catalog: CatalogRef;
  readonly input: RunInput;
}

/** A run with `dryRun`: what it would do. */
export async function planOnly({ control }: Ledger, planned: Planned, answers: Answers): Promise<DryRun> {
  const plan = await control.run('planRun', { id: 'plan', summary: 'What there is and what there is to do' }, planned);
  answers.plan = plan;
  return { dryRun: true, plan };
}

/** Removes what the forced steps and those behind them made before: the run then makes it anew. */
export async function clearForced({ control }: Ledger, planned: Planned): Promise<void> {
  const steps = forcedSteps(planned.input.force);
  const label = { id: 'clear', summary: `Done anew: ${steps.join(', ')}` };
  await control.run('clearSteps', label, { ...planned, steps }, steps[0]);
}
