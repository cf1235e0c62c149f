import { log, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import type { FeaturizeResult, IngestResult, RunResult } from '../lib/contracts/run';
import type { DryRun } from '../lib/contracts/plan';
import { runInputSchema, type RunInput, type RunRequest } from '../lib/contracts/runInput';
import type { CatalogRef, FramesRef } from '../lib/contracts/steps';
import { parseWith } from '../lib/contracts/validate';
import { featurizeSeason } from './featurizeSeason';
import { ingestSeason } from './ingestSeason';
import { renderResult } from './endings';
import { acceptInput } from './input';
import { beginNewHistory } from './newHistory';
import { judgeChallenger } from './judgeChallenger';
import type { Ledger } from './ledger';
import { lostArtifact } from './lostArtifact';
import { clearForced, planOnly } from './plan';
import { answeringLedger, answeringResults } from './progress';
import { supervise } from './supervise';
import type { AttributeValues } from './searchAttributes';

/** What a run hands on when it begins a new history. */
export interface Carried {
  /** Absent when it was lost itself. */
  readonly catalog?: CatalogRef;
  readonly bytesPerSecond: number | null;
  /** How often the run began anew because an artifact was lost. */
  readonly losses?: number;
}

/**
 * A run that begins a new history joins its children again. One that fails or is cancelled stops them itself; where it is
 * terminated, its watcher does.
 */
const CHILDREN_GO_ON = ParentClosePolicy.ABANDON;

/** A store that loses what is made anew again and again has to be looked at. */
const MOST_LOSSES = 5;

/**
 * From a catalog to a packaged model:
 *
 *     catalog ─ download ─ unzip ─ index ─ pick ─ features ─ train ─ validate ─ package
 *
 * @param request - one JSON object; `{}` trains on the sample. All problems of it are reported at once.
 * @param carried - from the history before, when that became too long, or an artifact was lost that it had
 */
export function trainPipeline(request: RunRequest & { readonly dryRun: true }): Promise<DryRun>;
export function trainPipeline(request?: RunRequest, carried?: Carried): Promise<RunResult>;
export async function trainPipeline(request: RunRequest = {}, carried?: Carried): Promise<RunResult | DryRun> {
  const input = acceptInput(() => parseWith(runInputSchema, request, 'INPUT_INVALID', 'The run input'));
  const ledger = answeringLedger(carried?.bytesPerSecond);
  const answers = answeringResults();
  const ending = input.dryRun ? 'planned' : 'done';
  const facts = { SerengetiBackbone: input.model.backbone };
  return await supervise(ledger, { facts, ending, render: renderResult }, async (tell) => {
    const catalog = carried?.catalog ?? (await readCatalog(ledger, input));
    if (input.dryRun) return (answers.result = await planOnly(ledger, { catalog, input }, answers));
    if (carried === undefined && input.force.length > 0) await clearForced(ledger, { catalog, input });
    const { trainSeasons, validationSeasons } = catalog.summary;
    tell({ SerengetiSeasons: [...trainSeasons, ...validationSeasons] });
    const { losses = 0 } = carried ?? {};
    const beginAnew = async (kept: Omit<Carried, 'bytesPerSecond'>): Promise<never> =>
      // The input as it was read: the defaults of a newer version would make half of another run of it.
      await beginNewHistory<typeof trainPipeline>(input, { ...kept, bytesPerSecond: ledger.control.bytesPerSecond });
    ledger.control.beginAnew = async () => await beginAnew({ catalog, losses });
    try {
      return (answers.result = await takeSteps(ledger, input, catalog, tell));
    } catch (error) {
      const lost = lostArtifact(error);
      if (lost === undefined || losses === MOST_LOSSES) throw error;
      // All that is left is found in the store, and the rest is made.
      log.warn('An artifact was lost: the run begins anew', { losses: losses + 1, error });
      return await beginAnew({ ...(lost.kind === 'catalog' ? {} : { catalog }), losses: losses + 1 });
    }
  });
}

async function takeSteps(
  ledger: Ledger,
  input: RunInput,
  catalog: CatalogRef,
  tell: (values: AttributeValues) => void,
): Promise<RunResult> {
  const { trainSeasons, validationSeasons } = catalog.summary;
  const seasons = [...trainSeasons, ...validationSeasons];

  const ingested = await ingestSeasons(ledger, input, catalog, seasons);
  const indexes = await indexSeasons(ledger, catalog, ingested);
  const pick = await ledger.makeNext(
    'pickFrames',
    { id: 'pick', summary: 'Which frames stand for which sequences' },
    { catalog, indexes, frames: input.frames, seed: input.seed, model: input.model },
  );
  ledger.close('pick');

  const framesOf = (wanted: readonly string[]): FramesRef[] =>
    ingested.filter(({ season }) => wanted.includes(season)).map(({ frames }) => frames);

  const backbone = await ledger.makeNext(
    'prepareBackbone',
    { id: 'backbone', summary: `Backbone ${input.model.backbone}` },
    { model: input.model },
  );
  const featurized = await featurizeSeasons(ledger, input, {
    catalog,
    backbone: backbone.ref,
    pick: pick.ref,
    frames: framesOf(seasons),
  });
  ledger.close('download', 'features');

  const model = await ledger.makeNext(
    'trainHead',
    { id: 'train', summary: `Head on ${input.model.backbone}` },
    {
      catalog,
      backbone: backbone.ref,
      pick: pick.ref,
      frames: framesOf(trainSeasons),
      model: input.model,
      perSequence: input.frames.perSequence,
      training: input.training,
      seed: input.seed,
    },
  );
  ledger.close('train');

  const validation = await ledger.makeNext(
    'validateModel',
    { id: 'validate', summary: `Held-out ${validationSeasons.join(', ')}` },
    {
      catalog,
      backbone: backbone.ref,
      model: model.ref,
      pick: pick.ref,
      frames: framesOf(validationSeasons),
    },
  );
  ledger.close('validate');
  tell({ SerengetiScore: validation.ref.summary.logLoss });

  const submission = await ledger.makeNext(
    'packageSubmission',
    { id: 'package', summary: 'submission.zip, run once' },
    { catalog, model: model.ref, validation: validation.ref, pick: pick.ref, frames: framesOf(validationSeasons) },
  );
  ledger.close('package');

  const outcome: Omit<RunResult, 'report' | 'registered'> = {
    input,
    trainSeasons,
    validationSeasons,
    catalog,
    indexes,
    pick: pick.ref,
    backbone: backbone.ref,
    model: model.ref,
    validation: validation.ref,
    submission: submission.ref,
    frames: sumFrames(featurized),
    bytes: sumBytes(ingested, featurized),
    reusedKeys: ledger.reusedKeys,
    stepSeconds: ledger.seconds(),
  };
  await ledger.control.stayWhole();
  const { workflowId, runId } = workflowInfo();
  const run = { workflowId, runId };
  const report = await ledger.control.run(
    'writeReport',
    { id: 'report', summary: 'Pages to look at' },
    { run, outcome, steps: ledger.progress().steps, frames: framesOf(seasons) },
  );
  const result = { ...outcome, report: report.ref };
  const name = await ledger.control.run(
    'registerModel',
    { id: 'register', summary: 'Into the registry of models' },
    { run, result },
  );
  return { ...result, registered: { name, ...(await judgeChallenger(ledger.control, name)) } };
}

async function readCatalog(ledger: Ledger, input: RunInput): Promise<CatalogRef> {
  const { catalog, trainSeasons, validationSeasons } = input;
  const { ref } = await ledger.make(
    'readCatalog',
    { id: 'catalog', summary: `Catalog ${catalog.slice(0, 150)}` },
    { catalog, trainSeasons, validationSeasons },
  );
  ledger.close('catalog');
  return ref;
}

async function ingestSeasons(
  ledger: Ledger,
  { frameSource, keepFetched }: RunInput,
  catalog: CatalogRef,
  seasons: readonly string[],
): Promise<IngestResult[]> {
  const ingested = await Promise.all(
    seasons.map(async (season) => {
      const result = await ledger.child(ingestSeason, {
        // Says what is made, and nothing of the run, so that all runs that need a season share its download.
        workflowId: `ingest-${season}-${frameSource}-${catalog.summary.sources[season]}`,
        summary: `Season ${season}`,
        input: () => ({ catalog, season, frameSource, keepFetched, bytesPerSecond: ledger.control.bytesPerSecond }),
        parentClosePolicy: CHILDREN_GO_ON,
      });
      const { metadata, archive, frames } = result.reused;
      ledger.book('download', {
        finished: 2,
        reused: Number(metadata) + Number(archive),
        done: result.metadata.bytes + result.archiveBytes,
        span: result.spans.download,
      });
      if (result.spans.unzip !== undefined) {
        ledger.book('unzip', {
          finished: 1,
          reused: Number(frames),
          done: result.frames.summary.entries,
          span: result.spans.unzip,
        });
      }
      return result;
    }),
  );
  ledger.close('unzip');
  // Frames that are fetched one by one are downloads too, later on.
  if (frameSource !== 'mirrors') ledger.close('download');
  return ingested;
}

async function indexSeasons(
  ledger: Ledger,
  catalog: CatalogRef,
  ingested: readonly IngestResult[],
): Promise<RunResult['indexes']> {
  const indexes = await Promise.all(
    ingested.map(({ season, metadata, frames }) =>
      ledger.make(
        'indexSeason',
        { id: `index:${season}`, summary: `Tables of ${season}` },
        { catalog, metadata, frames },
      ),
    ),
  );
  ledger.close('index');
  return indexes.map(({ ref }) => ref);
}

async function featurizeSeasons(
  ledger: Ledger,
  { keepFetched }: RunInput,
  {
    catalog,
    backbone,
    pick,
    frames,
  }: Pick<RunResult, 'catalog' | 'backbone' | 'pick'> & { readonly frames: readonly FramesRef[] },
): Promise<FeaturizeResult[]> {
  ledger.expect('features', pick.summary.trainFrames + pick.summary.validationFrames);
  const results = await Promise.all(
    frames.map(async (seasonFrames) => {
      const { season } = seasonFrames.summary;
      const shards = pick.summary.shards.find((part) => part.season === season)?.shards ?? 0;
      const input = { catalog, backbone, pick, frames: seasonFrames, shards, keepFetched };
      const result = await ledger.child(featurizeSeason, {
        workflowId: `features-${season}-${pick.key.slice(0, 12)}-${backbone.key.slice(0, 12)}`,
        summary: `Features of ${season}`,
        input: () => ({ ...input, bytesPerSecond: ledger.control.bytesPerSecond }),
        parentClosePolicy: CHILDREN_GO_ON,
      });
      if (result.fetched !== undefined) {
        const { shards: finished, wireBytes: done, span } = result.fetched;
        ledger.book('download', { finished, reused: 0, done, span });
      }
      ledger.book('features', {
        finished: result.shards,
        reused: result.reusedShards,
        done: result.frames,
        span: result.span,
      });
      return result;
    }),
  );
  return results;
}

function sumFrames(results: readonly FeaturizeResult[]): RunResult['frames'] {
  const sum = (figure: (result: FeaturizeResult) => number): number =>
    results.reduce((total, result) => total + figure(result), 0);
  return {
    seen: sum(({ frames }) => frames),
    reused: sum(({ reused }) => reused),
    truncated: sum(({ truncated }) => truncated),
    unreadable: sum(({ unreadable }) => unreadable),
  };
}

function sumBytes(ingested: readonly IngestResult[], featurized: readonly FeaturizeResult[]): RunResult['bytes'] {
  const sizes = ingested.flatMap(({ metadata, archiveBytes, reused }) => [
    { bytes: metadata.bytes, reused: reused.metadata },
    { bytes: archiveBytes, reused: reused.archive },
  ]);
  const sum = (reused: boolean): number =>
    sizes.filter((size) => size.reused === reused).reduce((total, { bytes }) => total + bytes, 0);
  const frames = featurized.reduce((total, { fetched }) => total + (fetched?.wireBytes ?? 0), 0);
  return { fetched: sum(false) + frames, reused: sum(true) };
}
