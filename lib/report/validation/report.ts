import type { EpochRecord } from '../../contracts/model';
import type { PickCounts } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { SubmissionCheck } from '../../contracts/submission';
import type { Example } from '../../contracts/validation';
import { writeFileAtomic } from '../../io/files';
import { pageBody, renderPage } from '../page';
import { thumbnail } from '../thumbnails';
import { blankSection } from './blank';
import { classSection } from './classes';
import { confusionSection } from './confusion';
import { curveSection } from './curves';
import { factSection } from './facts';
import { errorSection, hitSection, reviewSection, type IllustratedExample } from './gallery';
import { groupSection } from './groups';
import { headline, title, type HeadlineFacts } from './headline';
import { samplingSection } from './sampling';
import { scoreSection, scoresOf } from './score';
import { submissionSection } from './submission';
import { trainingSection } from './training';

export interface ValidationReport extends HeadlineFacts {
  readonly history: readonly EpochRecord[];
  readonly counts: PickCounts;
  /** The original photograph of a frame, any format; `undefined` where it is not there. */
  readonly thumbnail: (season: string, fileName: string) => Promise<Uint8Array | undefined>;
  /** What happened when the packaged submission was tried; absent where it was not. */
  readonly check?: SubmissionCheck;
  /** Address of the table of all sequences beside the report, least sure answers first. */
  readonly sequences: string;
  /** Where the page goes. */
  readonly file: string;
}

const CHARTS = ['score', 'training', 'confusion', 'curves', 'sites', 'sampling'] as const;
/** Frames of an example that are shown; a burst of dozens would bloat the page. */
const FRAMES_SHOWN = 5;
const THUMBNAIL = { size: 320, quality: 72 } as const;

/** Writes the page of a run, about 2 MB, whole or not at all. */
export async function writeValidationReport(report: ValidationReport, work: WorkOptions = {}): Promise<void> {
  const { errors, hits, review } = report.result;
  const total = errors.length + hits.length + review.length;
  let done = 0;
  const illustrate = async (example: Example): Promise<IllustratedExample> => {
    work.signal?.throwIfAborted();
    const frames = await Promise.all(
      example.fileNames.slice(0, FRAMES_SHOWN).map(async (fileName) => {
        const photograph = await report.thumbnail(example.season, fileName);
        return photograph === undefined ? undefined : await thumbnail(photograph, THUMBNAIL);
      }),
    );
    done++;
    work.onProgress?.({ done, total, unit: 'frames', note: 'thumbnails' });
    return { example, frames };
  };
  const galleries = {
    errors: await oneByOne(errors, illustrate),
    hits: await oneByOne(hits, illustrate),
    review: await oneByOne(review, illustrate),
  };
  await writeFileAtomic(report.file, validationPage(report, galleries));
}

async function oneByOne<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) results.push(await work(value));
  return results;
}

function validationPage(
  report: ValidationReport,
  { errors, hits, review }: Readonly<Record<'errors' | 'hits' | 'review', readonly IllustratedExample[]>>,
): string {
  const { result, history, counts, card, run, check } = report;
  const sections = [
    scoreSection(result),
    classSection(result),
    confusionSection(result),
    blankSection(result),
    reviewSection(review, report.sequences),
    errorSection(errors),
    hitSection(hits),
    curveSection(result),
    groupSection(result),
    trainingSection(history, card),
    samplingSection(counts, card),
    ...(check === undefined ? [] : [submissionSection(check)]),
    factSection(run),
  ];
  return renderPage({
    title: `${title(result.accuracy.value)} · Validation report`,
    description: `How a species classifier trained on ${card.trainSeasons.join(', ')} does on ${result.seasons.join(', ')}.`,
    styles: ['base.css', 'validation/page.css'],
    scripts: ['page.js', 'charts.js', ...CHARTS.map((name) => `validation/${name}.js`)],
    data: {
      scores: scoresOf(result),
      history,
      classes: result.classes,
      emptyClass: result.emptyClass,
      confusion: result.confusion,
      precisionRecall: result.precisionRecall,
      calibration: result.calibration.bins,
      accuracy: result.accuracy.value,
      sites: result.perSite,
      counts: counts.classes,
    },
    body: pageBody(headline(report), sections),
  });
}
