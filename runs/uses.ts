import type { Client } from '@temporalio/client';
import type { ArtifactId } from '../lib/contracts/artifact';
import { decodePayloads, type Payload } from './payloads';

/** What the running workflows of a namespace have found so far, and are at. */
export interface Uses {
  readonly refs: readonly ArtifactId[];
  readonly seasons: ReadonlySet<string>;
  /** Ids of the workflows. */
  readonly running: readonly string[];
  /** Those that have not yet said which seasons they are about: they may ask for anything. */
  readonly undecided: readonly string[];
}

const TYPES = ['trainPipeline', 'ingestSeason', 'featurizeSeason', 'retrainOnNewSeasons'];

/** Reads the histories of all running workflows: every reference to an artifact in them is in use. */
export async function usesOfRunning(client: Client): Promise<Uses> {
  const refs = new Map<string, ArtifactId>();
  const seasons = new Set<string>();
  const running: string[] = [];
  const undecided: string[] = [];
  const types = TYPES.map((type) => `'${type}'`).join(', ');
  for await (const { workflowId, runId, type } of client.workflow.list({
    query: `ExecutionStatus = 'Running' AND WorkflowType IN (${types})`,
  })) {
    running.push(workflowId);
    const found = findUses(await payloadsOf(client, workflowId, runId));
    for (const ref of found.refs) refs.set(ref.key, ref);
    for (const season of found.seasons) seasons.add(season);
    if (type === 'retrainOnNewSeasons' || found.seasons.length === 0) undecided.push(workflowId);
  }
  return { refs: [...refs.values()], seasons, running, undecided };
}

/** Everything that a history carries, decoded. */
async function payloadsOf(client: Client, workflowId: string, runId: string): Promise<unknown[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const payloads = (events ?? []).flatMap((event) => payloadsIn(event));
  return (await decodePayloads(client, payloads)).flatMap(({ data }) => parsed(data));
}

function payloadsIn(node: unknown): Payload[] {
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return [];
  if ('metadata' in node && 'data' in node && node.data instanceof Uint8Array) return [node as Payload];
  return Object.values(node).flatMap(payloadsIn);
}

function parsed(data: Uint8Array | null | undefined): unknown[] {
  try {
    return [JSON.parse(Buffer.from(data ?? []).toString('utf8'))];
  } catch {
    return []; // no value at all, or bytes: neither is a reference
  }
}

function findUses(node: unknown): { readonly refs: ArtifactId[]; readonly seasons: string[] } {
  if (typeof node !== 'object' || node === null) return { refs: [], seasons: [] };
  const below = Object.values(node).map(findUses);
  const refs = below.flatMap((uses) => uses.refs);
  const seasons = below.flatMap((uses) => uses.seasons);
  const { kind, key, season, trainSeasons, validationSeasons } = node as Record<string, unknown>;
  if (typeof kind === 'string' && typeof key === 'string') refs.push({ kind, key } as ArtifactId);
  if (typeof season === 'string') seasons.push(season);
  for (const names of [trainSeasons, validationSeasons]) if (Array.isArray(names)) seasons.push(...names.map(String));
  return { refs, seasons };
}
