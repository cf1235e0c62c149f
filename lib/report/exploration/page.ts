import type { Exploration, GallerySequence } from '../../contracts/exploration';
import type { WorkOptions } from '../../contracts/progress';
import { writeFileAtomic } from '../../io/files';
import { pageBody, renderPage } from '../page';
import { activitySection, classSection } from './classes';
import { gallerySection, type IllustratedSequence } from './gallery';
import { headline, title } from './headline';
import { illustrate, type ReadPhotograph } from './illustrate';
import { gapSection, seasonSection } from './seasons';
import { sequenceSection } from './sequences';
import { siteSection, splitSection } from './sites';

export interface ExplorationPage {
  readonly exploration: Exploration;
  /** Sequences of every class in random order, by seed; a dozen a class are shown, or fewer where they fill the page. */
  readonly gallery: readonly GallerySequence[];
  /** The original photograph of a frame, any format; `undefined` where it is not there. */
  readonly photograph: ReadPhotograph;
  /** Address of the validation report beside the page, where there is one. */
  readonly report?: string;
  /** Where the page goes. */
  readonly file: string;
}

const CHARTS = ['gallery', 'seasons', 'classes', 'activity', 'sequences', 'sites'] as const;

/** Writes the page about the data, under 10 MB, whole or not at all. */
export async function writeExplorationPage(page: ExplorationPage, work: WorkOptions = {}): Promise<void> {
  const gallery = await illustrate(page.gallery, page.photograph, work);
  await writeFileAtomic(page.file, explorationPage(page, gallery));
}

function explorationPage({ exploration, report }: ExplorationPage, gallery: readonly IllustratedSequence[]): string {
  const sections = [
    gallerySection(gallery),
    seasonSection(exploration),
    classSection(exploration),
    activitySection(exploration),
    sequenceSection(exploration),
    siteSection(exploration),
    ...(exploration.split === undefined ? [] : [splitSection(exploration.split)]),
    gapSection(exploration),
  ];
  return renderPage({
    title: title(exploration),
    description: `Frames, sequences, animals, sites and dates of ${exploration.catalog}.`,
    styles: ['base.css', 'exploration/page.css'],
    scripts: ['page.js', 'charts.js', ...CHARTS.map((name) => `exploration/${name}.js`)],
    data: {
      seasons: exploration.seasons,
      emptyClass: exploration.emptyClass,
      perClass: exploration.perClass,
      framesPerSequence: exploration.framesPerSequence,
      speciesPerSequence: exploration.speciesPerSequence,
      sites: exploration.sites,
      gallery,
    },
    body: pageBody(headline(exploration, report), sections),
  });
}
