import { cpus } from 'node:os';
import type { ModelCard, EpochRecord } from '../lib/contracts/model';
import type { PickCounts } from '../lib/contracts/pick';
import type { ArtifactFact, RunFacts, StepFact } from '../lib/contracts/report';
import type { Outcome, RunResult, StepState } from '../lib/contracts/run';
import type { FramesRef, ReportRef, ReportSummary, StepName } from '../lib/contracts/steps';
import type { ValidationResult } from '../lib/contracts/validation';
import { writeValidationReport } from '../lib/report';
import { produce } from '../lib/store';
import { productVersions } from '../lib/store/versions';
import { readCatalogArtifact, readJson } from './artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { Photographs } from './photographs';
import { reportRecipe } from './recipes';

export interface WriteReportInput {
  readonly run: { readonly workflowId: string; readonly runId: string };
  readonly outcome: Omit<RunResult, 'report'>;
  readonly steps: Readonly<Record<StepName, StepState>>;
  /** Of the held-out seasons. */
  readonly frames: readonly FramesRef[];
}

/** Writes the page that people look at after a run. */
export function createWriteReport({ store }: Dependencies) {
  return ({ run, outcome, steps, frames }: WriteReportInput): Promise<Outcome<ReportRef>> =>
    durable(async (work) => {
      const catalog = await readCatalogArtifact(store, outcome.catalog);
      return await produce<ReportSummary>(store, {
        recipe: reportRecipe(run, outcome.validation),
        work: async (draft) => {
          await Photographs.use(store, frames, async (photographs) =>
            writeValidationReport(
              {
                result: await readJson<ValidationResult>(store, outcome.validation, 'validation.json'),
                history: await readJson<EpochRecord[]>(store, outcome.model, 'history.json'),
                counts: await readJson<PickCounts>(store, outcome.pick, 'counts.json'),
                card: await readJson<ModelCard>(store, outcome.model, 'model.json'),
                run: factsOf(run.workflowId, outcome, steps, catalog),
                thumbnail: (season, fileName) => photographs.read(season, fileName),
                file: draft.path('report.html'),
              },
              work,
            ),
          );
          return { title: `Run ${run.workflowId}` };
        },
      });
    });
}

function factsOf(
  run: string,
  outcome: WriteReportInput['outcome'],
  steps: WriteReportInput['steps'],
  { name, licence, citation }: RunFacts['catalog'],
): RunFacts {
  return {
    run,
    createdAt: new Date().toISOString(),
    input: outcome.input,
    catalog: { name, licence, citation },
    steps: (Object.entries(steps) as [StepName, StepState][]).map(([step, state]) => stepFact(step, state, outcome)),
    artifacts: artifactFacts(outcome),
    versions: productVersions(),
    bytesFetched: outcome.bytes.fetched,
    bytesSaved: outcome.bytes.reused,
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
  };
}

function stepFact(
  step: StepName,
  { finished, reused }: StepState,
  { stepSeconds }: WriteReportInput['outcome'],
): StepFact {
  const seconds = stepSeconds[step];
  return { step, parts: finished, reused, ...(seconds === undefined ? {} : { seconds }) };
}

function artifactFacts(outcome: WriteReportInput['outcome']): ArtifactFact[] {
  const { catalog, indexes, pick, backbone, model, validation, submission, reusedKeys } = outcome;
  return [catalog, ...indexes, pick, backbone, model, validation, submission].map(
    ({ kind, key, uri, bytes, summary }) => ({
      kind,
      key,
      uri,
      bytes,
      reused: reusedKeys.includes(key),
      ...('season' in summary ? { note: summary.season } : {}),
    }),
  );
}
