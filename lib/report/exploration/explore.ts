import type { Catalog } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { exploreIndex, sampleGallery, type ExploreInput } from '../../metadata';
import { GALLERY_SEQUENCES, type ReadPhotograph } from './illustrate';
import { writeExplorationPage } from './page';

export interface ExploreSeasons extends Pick<ExploreInput, 'indexes' | 'split'> {
  readonly catalog: Catalog;
  /** Draws the sequences of the gallery. */
  readonly seed: number;
  /** Folder of a pick: the gallery shows only what it chose. @default everything */
  readonly pick?: string | undefined;
  readonly photograph: ReadPhotograph;
  /** Address of the validation report beside the page, where there is one. */
  readonly report?: string;
  /** Where the page goes. */
  readonly file: string;
}

/** Adds up what the seasons' indexes say and writes the page about it. */
export async function exploreSeasons(
  { indexes, catalog, split, seed, pick, photograph, report, file }: ExploreSeasons,
  work: WorkOptions = {},
): Promise<void> {
  const exploration = await exploreIndex({ indexes, catalog, split }, work);
  const gallery = await sampleGallery(
    indexes,
    { classNames: catalog.classes, seed, count: GALLERY_SEQUENCES, pick },
    work,
  );
  await writeExplorationPage({ exploration, gallery: [...gallery.values()].flat(), photograph, report, file }, work);
}
