import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { SerengetiError } from '../lib/contracts/errors';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../lib/contracts/searchAttributes';

/** A run as lists show it. */
export interface RunRow {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  /** Temporal's word: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED… */
  readonly status: string;
  /** The run's own word, where its namespace has the search attribute; none of one that was terminated. */
  readonly outcome: string | undefined;
  readonly stage: string | undefined;
  readonly seasons: readonly string[] | undefined;
  readonly backbone: string | undefined;
  readonly score: number | undefined;
}

/** The run's own word where it could say it, else Temporal's. */
export function stateOf({ status, outcome }: RunRow): string {
  const own = isOpen(status) || status === 'COMPLETED' ? outcome : undefined;
  return own ?? status.toLowerCase();
}

const TYPE = 'trainPipeline';

/** Whether a workflow of this status has not ended. */
export function isOpen(status: string): boolean {
  return status === 'RUNNING' || status === 'PAUSED';
}

/** Runs, newest first. The server's lists lag behind by a moment. */
export async function listRuns(
  client: Client,
  { running = false, limit = 20 }: { readonly running?: boolean; readonly limit?: number } = {},
): Promise<RunRow[]> {
  const query = `WorkflowType = '${TYPE}'${running ? " AND ExecutionStatus = 'Running'" : ''}`;
  const rows: RunRow[] = [];
  for await (const info of client.workflow.list({ query, pageSize: limit })) {
    rows.push(rowOf(info));
    if (rows.length === limit) break;
  }
  return rows;
}

/**
 * The run that is meant: the one of this id, else the only one that is going.
 *
 * @throws SerengetiError RUN_UNKNOWN
 */
export async function findRun(client: Client, workflowId: string | undefined): Promise<string> {
  if (workflowId === undefined) return await onlyRun(client);
  try {
    const { type } = await client.workflow.getHandle(workflowId).describe();
    if (type !== TYPE) throw new SerengetiError('RUN_UNKNOWN', `${workflowId} is no run but a workflow ${type}`);
    return workflowId;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new SerengetiError('RUN_UNKNOWN', `There is no run ${workflowId}`, { cause: error });
  }
}

/** Workflow ids of a run and of the children that it started, and those. It may be a child itself, of a retraining. */
export async function familyOf(client: Client, workflowId: string): Promise<string[]> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const root = raw.workflowExecutionInfo?.rootExecution?.workflowId ?? workflowId;
  const parents = new Map<string, string | null | undefined>();
  for await (const info of client.workflow.list({ query: `RootWorkflowId = '${quoted(root)}'` })) {
    parents.set(info.workflowId, info.parentExecution?.workflowId);
  }
  const isOfFamily = (id: string | null | undefined): boolean =>
    id != null && (id === workflowId || isOfFamily(parents.get(id)));
  return [workflowId, ...[...parents.keys()].filter((id) => id !== workflowId && isOfFamily(id))];
}

async function onlyRun(client: Client): Promise<string> {
  const running = await listRuns(client, { running: true });
  const [only] = running;
  if (only === undefined) throw new SerengetiError('RUN_UNKNOWN', 'No run is going');
  if (running.length === 1) return only.workflowId;
  const names = running.map(({ workflowId }) => workflowId).join(', ');
  throw new SerengetiError('RUN_UNKNOWN', `Several runs are going, and none was named: ${names}`);
}

function rowOf(info: WorkflowExecutionInfo): RunRow {
  const attribute = <T>(name: SearchAttributeName): T | undefined =>
    info.typedSearchAttributes.get(defineSearchAttributeKey(name, SEARCH_ATTRIBUTES[name])) as T | undefined;
  return {
    workflowId: info.workflowId,
    runId: info.runId,
    startedAt: info.startTime,
    status: info.status.name,
    // What is terminated cannot say so itself.
    outcome: info.status.name === 'TERMINATED' ? undefined : attribute('SerengetiOutcome'),
    stage: attribute('SerengetiStage'),
    seasons: attribute('SerengetiSeasons'),
    backbone: attribute('SerengetiBackbone'),
    score: attribute('SerengetiScore'),
  };
}

/** Within a string of the server's lists' queries. */
export function quoted(text: string): string {
  return text.replace(/['\\]/g, (character) => `\\${character}`);
}
