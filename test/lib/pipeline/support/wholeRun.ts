import type { ArtifactKind, Manifest } from '../../../../lib/contracts/artifact';
import type { WorkOptions } from '../../../../lib/contracts/progress';
import { runInputSchema, type RunRequest } from '../../../../lib/contracts/runInput';
import type { FramesRef, IndexRef } from '../../../../lib/contracts/steps';
import { steps } from '../../../../lib/pipeline/steps';
import { isDamage, type ArtifactStore } from '../../../../lib/store';

type Work = Required<WorkOptions>;

export const QUIET: Work = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onWarning: () => undefined,
  onNote: () => undefined,
};

/** As often as a run's workflow begins anew. */
const MOST_LOSSES = 5;

/** Takes the steps of a run one after the other, and begins anew when one finds an artifact damaged, as the workflow does. */
export async function wholeRun(store: ArtifactStore, request: RunRequest, work = QUIET): Promise<void> {
  for (let losses = 0; ; losses++) {
    try {
      return await takeSteps(store, request, work);
    } catch (error) {
      if (!isDamage(error) || losses === MOST_LOSSES) throw error;
    }
  }
}

/** Up to the scores. */
async function takeSteps(store: ArtifactStore, request: RunRequest, work: Work): Promise<void> {
  const input = runInputSchema.parse(request);
  const { frameSource, training, seed } = input;
  const catalog = (await steps.readCatalog.run({ store }, input, work)).ref;
  const { trainSeasons, validationSeasons } = catalog.summary;
  const frames: FramesRef[] = [];
  const indexes: IndexRef[] = [];
  for (const season of [...trainSeasons, ...validationSeasons]) {
    const metadata = (await steps.downloadMetadata.run({ store }, { catalog, season }, work)).ref;
    const own = await framesOf(store, frameSource, { catalog, season }, work);
    indexes.push((await steps.indexSeason.run({ store }, { catalog, metadata, frames: own }, work)).ref);
    frames.push(own);
  }
  const pick = (
    await steps.pickFrames.run({ store }, { catalog, indexes, frames: input.frames, seed, model: input.model }, work)
  ).ref;
  const backbone = (await steps.prepareBackbone.run({ store }, { model: input.model }, work)).ref;
  const made = { catalog, backbone, pick };
  for (const own of frames) {
    const shard = { ...made, frames: own, shard: 0 };
    const fetched = frameSource === 'mirrors' ? (await steps.fetchFrames.run({ store }, shard, work))?.ref : undefined;
    await steps.extractFeatures.run({ store }, { ...shard, fetched }, work);
  }
  const sideOf = (side: readonly string[]): FramesRef[] =>
    frames.filter(({ summary }) => side.includes(summary.season));
  const options = { model: input.model, perSequence: input.frames.perSequence, training, seed };
  const learned = { ...made, frames: sideOf(trainSeasons), ...options };
  const model = (await steps.trainHead.run({ store }, learned, work)).ref;
  await steps.validateModel.run({ store }, { ...made, model, frames: sideOf(validationSeasons) }, work);
}

async function framesOf(
  store: ArtifactStore,
  frameSource: 'extracted' | 'archives' | 'mirrors',
  request: Parameters<typeof steps.listArchives.run>[1],
  work: Work,
): Promise<FramesRef> {
  if (frameSource === 'mirrors') return (await steps.listArchives.run({ store }, request, work)).ref;
  const archive = (await steps.downloadArchive.run({ store }, request, work)).ref;
  return (await steps.unzipSeason.run({ store }, { archive, frameSource }, work)).ref;
}

/** Tells how long each pass took. */
const TIMED = 'history.json';

/** Digests of the files of all artifacts of some kinds: what a run comes to. */
export async function digestsIn(
  store: ArtifactStore,
  kinds: readonly ArtifactKind[],
): Promise<Record<string, Manifest['files']>> {
  const digests: Record<string, Manifest['files']> = {};
  for (const kind of kinds) {
    for (const { key, files } of await store.list(kind))
      digests[`${kind} ${key}`] = files.filter(({ name }) => name !== TIMED);
  }
  return digests;
}
