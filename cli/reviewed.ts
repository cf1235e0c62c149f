import { basename, join, resolve } from 'node:path';
import type { Catalog } from '../lib/contracts/catalog';
import { SerengetiError } from '../lib/contracts/errors';
import { readIndexes, type EventSource } from '../lib/export';
import { readJson } from '../lib/pipeline/artifacts';
import { Photographs } from '../lib/pipeline/photographs';
import { modelNamed, Registry } from '../lib/registry';
import { openFolderReview, readHeldOut, Review, REVIEWS_FILE, type ReadPhotograph } from '../lib/review';
import { withAddresses } from '../lib/seasons';
import { openStore } from '../lib/store';
import { findSampleUrl } from '../workers/embedded';
import { readSettings } from '../workers/settings';
import { findFrames, findIndexes } from './storedSeasons';

export interface ReviewedOptions {
  readonly model?: string;
  readonly marks?: string;
}

/** What is or was reviewed. */
export interface Reviewed {
  readonly review: Review;
  readonly readPhotograph: ReadPhotograph;
  readonly title: string;
  /** What can be exported: of a folder what was reviewed, of seasons all their labels, corrected. */
  readonly labels: () => EventSource;
  /** What `export camtrap-dp` takes. */
  readonly source?: string;
}

/** Opens the review of a folder of predictions, or of a model's held-out seasons, for as long as `use` takes. */
export async function withReviewed<T>(
  predictions: string | undefined,
  { model, marks }: ReviewedOptions,
  use: (reviewed: Reviewed) => Promise<T>,
): Promise<T> {
  if ((predictions === undefined) === (model === undefined)) {
    throw new SerengetiError('INPUT_INVALID', 'Name either the folder that `predict` wrote, or a model with --model');
  }
  if (predictions === undefined) return await withHeldOut(model!, marks, use);
  const { review, folder, readPhotograph } = await openFolderReview(resolve(predictions));
  try {
    const labels = (): EventSource => review.reviewed();
    return await use({ review, readPhotograph, labels, title: basename(folder), source: predictions });
  } finally {
    await review.close();
  }
}

async function withHeldOut<T>(
  name: string,
  marks: string | undefined,
  use: (reviewed: Reviewed) => Promise<T>,
): Promise<T> {
  const store = openStore(readSettings().store);
  const model = modelNamed(await new Registry(store).state(), name);
  const catalog = withAddresses(
    await readJson<Catalog>(store, model.artifacts.catalog, 'catalog.json'),
    await findSampleUrl(),
  );
  const stored = await findIndexes(store, catalog, model.validationSeasons);
  const folderOf = async (id: Parameters<typeof store.open>[0]): Promise<string> => (await store.open(id)).path('.');
  const indexes = await Promise.all(
    stored.map(async (index) => ({ season: index.summary.season, directory: await folderOf(index) })),
  );
  return await Photographs.use(store, catalog, await findFrames(store, stored), async (photographs) => {
    const heldOut = await readHeldOut({
      indexes,
      validation: await folderOf(model.artifacts.validation),
      pick: photographs.onlyPicked ? await folderOf(model.artifacts.pick) : undefined,
      emptyClass: catalog.emptyClass,
      model: model.name,
    });
    const review = await Review.open(heldOut, join(resolve(marks ?? `${model.name}-review`), REVIEWS_FILE));
    try {
      return await use({
        review,
        readPhotograph: (file, season) => photographs.read(season!, file),
        labels: () => review.corrected(readIndexes(indexes, catalog.emptyClass)),
        title: `${model.name} on ${model.validationSeasons.join(', ')}`,
      });
    } finally {
      await review.close();
    }
  });
}
