import { cpus } from 'node:os';
import type { Manifest } from '../contracts/artifact';
import type { Catalog } from '../contracts/catalog';
import type { ArtifactFact, RunFacts, StepFact, WriteReportInput } from '../contracts/report';
import type { StepState } from '../contracts/run';
import type { StepName } from '../contracts/steps';
import type { ArtifactStore } from '../store';
import { mergedVersions } from '../store/versions';
import { lineageOf } from './lineage';

/** What a report says of its run. Its versions are those behind the results, whoever writes the report. */
export async function runFacts(
  store: ArtifactStore,
  { run, outcome, steps }: WriteReportInput,
  { name, licence, citation }: Catalog,
): Promise<RunFacts> {
  const lineage = await lineageOf(store, [outcome.catalog, ...outcome.indexes, outcome.submission]);
  return {
    run: run.workflowId,
    createdAt: new Date().toISOString(),
    input: outcome.input,
    catalog: { name, licence, citation },
    steps: (Object.entries(steps) as [StepName, StepState][]).map(([step, state]) => stepFact(step, state, outcome)),
    artifacts: lineage.map((manifest) => artifactFact(manifest, outcome, startOf(steps))),
    versions: mergedVersions(lineage.map(({ versions }) => versions)),
    bytesFetched: outcome.bytes.fetched,
    bytesSaved: outcome.bytes.reused,
    frames: outcome.frames,
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
  };
}

/** Milliseconds since 1970. */
function startOf(steps: WriteReportInput['steps']): number {
  return Math.min(...Object.values(steps).map(({ startedAt = Infinity }) => startedAt));
}

function stepFact(
  step: StepName,
  { finished, reused }: StepState,
  { stepSeconds }: WriteReportInput['outcome'],
): StepFact {
  const seconds = stepSeconds[step];
  return { step, parts: finished, reused, ...(seconds === undefined ? {} : { seconds }) };
}

/** The run knows what its own steps found; of what its children found, the time of making tells. */
function artifactFact(
  { kind, key, bytes, summary, createdAt }: Manifest,
  { reusedKeys }: WriteReportInput['outcome'],
  startedAt: number,
): ArtifactFact {
  const { season } = summary;
  return {
    kind,
    key,
    bytes,
    reused: reusedKeys.includes(key) || Date.parse(createdAt) < startedAt,
    ...(typeof season === 'string' ? { note: season } : {}),
  };
}
