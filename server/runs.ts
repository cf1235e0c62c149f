import type { Manifest } from '../lib/contracts/artifact';
import type { RegistryState } from '../lib/contracts/registry';
import type { RunLine } from '../lib/report/site';

/** A run as the server of Temporal knows it. */
export interface KnownRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly state: string;
  readonly stage: string | undefined;
  readonly score: number | undefined;
  readonly uiUrl: string | undefined;
}

/** Where runs are asked for: newest first, or an error when nobody answers. */
export type RunSource = () => Promise<readonly KnownRun[]>;

/** All runs that Temporal or the store know of, newest first: Temporal forgets those that ended long ago. */
export function runLines(
  known: readonly KnownRun[],
  reports: readonly Manifest[],
  { models }: Pick<RegistryState, 'models'>,
): RunLine[] {
  const stored = new Map<string, RunLine>();
  for (const { kind, key, params, createdAt } of reports) {
    const { workflowId, runId } = params;
    if (typeof workflowId !== 'string' || typeof runId !== 'string') continue;
    stored.set(idOf({ workflowId, runId }), { workflowId, at: createdAt, state: 'done', report: { kind, key } });
  }
  for (const { name, run, registeredAt, artifacts } of models) {
    const score = artifacts.validation.summary.logLoss;
    const line = stored.get(idOf(run)) ?? { workflowId: run.workflowId, at: registeredAt, state: 'done' };
    stored.set(idOf(run), { ...line, score, model: name });
  }
  const lines = known.map(({ startedAt, score, runId, ...run }): RunLine => {
    const left = stored.get(idOf({ ...run, runId }));
    stored.delete(idOf({ ...run, runId }));
    return { ...left, ...run, at: startedAt.toISOString(), score: score ?? left?.score };
  });
  return [...lines, ...stored.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

function idOf({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }): string {
  return JSON.stringify([workflowId, runId]);
}
