import { cpus } from 'node:os';
import type { ModelCard, EpochRecord } from '../lib/contracts/model';
import type { PickCounts } from '../lib/contracts/pick';
import type { ArtifactFact, RunFacts, StepFact } from '../lib/contracts/report';
import type { Outcome, RunResult, StepState } from '../lib/contracts/run';
import type { FramesRef, ReportRef, ReportSummary, StepName } from '../lib/contracts/steps';
import type { ValidationResult } from '../lib/contracts/validation';
import type { WorkOptions } from '../lib/contracts/progress';
import { exploreIndex, sampleGallery } from '../lib/metadata';
import { writeExplorationPage, writeValidationReport } from '../lib/report';
import { produce, type ArtifactStore } from '../lib/store';
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
  readonly frames: readonly FramesRef[];
}

/** Sequences of each class that the exploration page shows. */
const GALLERY_SEQUENCES = 6;

/** Writes the pages that people look at after a run: how good the model is, and what the data is like. */
export function createWriteReport({ store }: Dependencies) {
  return (input: WriteReportInput): Promise<Outcome<ReportRef>> =>
    durable(
      async (work) =>
        await produce<ReportSummary>(store, {
          recipe: reportRecipe(input.run, input.outcome.validation),
          work: async (draft) => {
            await Photographs.use(store, input.frames, async (photographs) => {
              await writeValidation(store, input, photographs, draft.path('report.html'), work);
              await writeExploration(store, input.outcome, photographs, draft.path('exploration.html'), work);
            });
            return { title: `Run ${input.run.workflowId}` };
          },
        }),
    );
}

async function writeValidation(
  store: ArtifactStore,
  { run, outcome, steps }: WriteReportInput,
  photographs: Photographs,
  file: string,
  work: WorkOptions,
): Promise<void> {
  const catalog = await readCatalogArtifact(store, outcome.catalog);
  await writeValidationReport(
    {
      result: await readJson<ValidationResult>(store, outcome.validation, 'validation.json'),
      history: await readJson<EpochRecord[]>(store, outcome.model, 'history.json'),
      counts: await readJson<PickCounts>(store, outcome.pick, 'counts.json'),
      card: await readJson<ModelCard>(store, outcome.model, 'model.json'),
      run: factsOf(run.workflowId, outcome, steps, catalog),
      thumbnail: (season, fileName) => photographs.read(season, fileName),
      file,
    },
    work,
  );
}

async function writeExploration(
  store: ArtifactStore,
  { catalog: catalogRef, indexes: refs, input }: WriteReportInput['outcome'],
  photographs: Photographs,
  file: string,
  work: WorkOptions,
): Promise<void> {
  const catalog = await readCatalogArtifact(store, catalogRef);
  const indexes = await Promise.all(
    refs.map(async (ref) => ({ season: ref.summary.season, directory: (await store.open(ref)).path('.') })),
  );
  const gallery = await sampleGallery(
    indexes,
    { classNames: catalog.classes, seed: input.seed, count: GALLERY_SEQUENCES },
    work,
  );
  await writeExplorationPage(
    {
      exploration: await exploreIndex({ indexes, catalog, split: catalogRef.summary }, work),
      gallery: [...gallery.values()].flat(),
      photograph: (season, fileName) => photographs.read(season, fileName),
      file,
    },
    work,
  );
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
