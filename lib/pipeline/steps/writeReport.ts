import { copyFile } from 'node:fs/promises';
import type { Catalog } from '../../contracts/catalog';
import type { ModelCard, EpochRecord } from '../../contracts/model';
import type { PickCounts } from '../../contracts/pick';
import type { Outcome } from '../../contracts/run';
import type { ReportRef, ReportSummary, ValidationRef } from '../../contracts/steps';
import type { SubmissionCheck } from '../../contracts/submission';
import type { ValidationResult } from '../../contracts/validation';
import type { WorkOptions } from '../../contracts/progress';
import type { WriteReportInput } from '../../contracts/report';
import { exploreSeasons, writeValidationReport } from '../../report';
import { produce, type ArtifactStore, type Recipe } from '../../store';
import { readCatalogArtifact, readJson } from '../artifacts';
import { Photographs } from '../photographs';
import { step } from '../step';
import { runFacts } from '../runFacts';

/** The pages lie beside each other and link to each other. */
const REPORT = 'report.html';
const EXPLORATION = 'exploration.html';
/** Of the validation: all sequences, least sure answers first. */
const SEQUENCES = 'sequences.csv';

/** One a run: it carries the run's own facts. */
function recipe(run: WriteReportInput['run'], validation: ValidationRef): Recipe {
  return { kind: 'report', step: 'writeReport', version: 2, params: { ...run }, inputs: [validation] };
}

/** Writes the pages that people look at after a run: how good the model is, and what the data is like. */
export const writeReportStep = step({
  name: 'writeReport',
  kind: 'report',
  recipe,
  async run(dependencies, input: WriteReportInput, work): Promise<Outcome<ReportRef>> {
    const { store } = dependencies;
    return await produce<ReportSummary>(store, {
      recipe: recipe(input.run, input.outcome.validation),
      work: async (draft) => {
        const catalog = await readCatalogArtifact(dependencies, input.outcome.catalog);
        await Photographs.use(store, catalog, input.frames, async (photographs) => {
          await copyFile((await store.open(input.outcome.validation)).path(SEQUENCES), draft.path(SEQUENCES));
          await writeValidation(store, input, catalog, photographs, draft.path(REPORT), work);
          await writeExploration(store, input.outcome, catalog, photographs, draft.path(EXPLORATION), work);
        });
        return { title: `Run ${input.run.workflowId}` };
      },
    });
  },
});

async function writeValidation(
  store: ArtifactStore,
  input: WriteReportInput,
  catalog: Catalog,
  photographs: Photographs,
  file: string,
  work: WorkOptions,
): Promise<void> {
  const { outcome } = input;
  await writeValidationReport(
    {
      result: await readJson<ValidationResult>(store, outcome.validation, 'validation.json'),
      history: await readJson<EpochRecord[]>(store, outcome.model, 'history.json'),
      counts: await readJson<PickCounts>(store, outcome.pick, 'counts.json'),
      card: await readJson<ModelCard>(store, outcome.model, 'model.json'),
      run: await runFacts(store, input, catalog),
      thumbnail: (season, fileName) => photographs.read(season, fileName),
      check: await readJson<SubmissionCheck>(store, outcome.submission, 'check.json'),
      sequences: SEQUENCES,
      exploration: EXPLORATION,
      file,
    },
    work,
  );
}

async function writeExploration(
  store: ArtifactStore,
  { catalog: { summary: split }, indexes: refs, pick, input }: WriteReportInput['outcome'],
  catalog: Catalog,
  photographs: Photographs,
  file: string,
  work: WorkOptions,
): Promise<void> {
  const indexes = await Promise.all(
    refs.map(async (ref) => ({ season: ref.summary.season, directory: (await store.open(ref)).path('.') })),
  );
  await exploreSeasons(
    {
      indexes,
      catalog,
      split,
      seed: input.seed,
      pick: photographs.onlyPicked ? (await store.open(pick)).path('.') : undefined,
      photograph: (season, fileName) => photographs.read(season, fileName),
      report: REPORT,
      file,
    },
    work,
  );
}
