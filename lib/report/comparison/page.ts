import { writeFileAtomic } from '../../io/files';
import { count, listed, loss, plural } from '../format';
import { html, type Html } from '../html';
import { cautionList, pageBody, renderPage } from '../page';
import { classDifferences, classSection } from './classes';
import type { Contender, ModelComparison } from './comparison';
import { lineageSection } from './lineage';
import { groupSection, scoreSection } from './scores';

/** Writes a page that sets two registered models beside each other, whole or not at all. */
export async function writeComparisonPage(comparison: ModelComparison & { readonly file: string }): Promise<void> {
  await writeFileAtomic(comparison.file, comparisonPage(comparison));
}

/** The page as text. */
export function comparisonPage(comparison: ModelComparison): string {
  const { first, second } = comparison;
  const sections = [
    scoreSection(comparison),
    classSection(comparison),
    groupSection(comparison),
    lineageSection(comparison),
  ];
  return renderPage({
    title: `${first.model.name} and ${second.model.name} · Comparison`,
    description: `How two species classifiers of ${first.model.catalog} do.`,
    styles: ['base.css', 'comparison/page.css'],
    scripts: ['page.js', 'charts.js', 'comparison/classes.js'],
    data: { names: [first.model.name, second.model.name], classes: classDifferences(comparison) },
    body: pageBody(headline(comparison), sections),
  });
}

function headline(comparison: ModelComparison): Html {
  const { first, second, difference } = comparison;
  return html`<header class="headline">
    <p class="kicker">Comparison · <span class="run">${first.model.catalog}</span></p>
    <h1>${verdict(comparison)}</h1>
    <p class="lead">
      ${described(first)}; ${described(second)}.
      ${
        difference !== undefined
          ? `Both are judged on the same ${plural(first.result.frames, 'frame')} of ${plural(first.result.sequences, 'sequence')}.`
          : null
      }
    </p>
    ${cautions(comparison)}
  </header>`;
}

function verdict({ first, second, difference }: ModelComparison): string {
  const names = `${first.model.name} and ${second.model.name}`;
  if (difference === undefined) return `${names} were judged on different frames`;
  const { low, high } = difference.logLoss;
  if (low <= 0 && high >= 0) return `Nothing shows that ${first.model.name} or ${second.model.name} is better`;
  const [better, worse] = high < 0 ? [second, first] : [first, second];
  const [ours, theirs] = [better, worse].map(({ result }) => loss(result.logLoss.value));
  return `${better.model.name} is better: log loss ${ours} beside ${theirs} of ${worse.model.name}`;
}

function described({ model }: Contender): string {
  const { name, trainSeasons, artifacts } = model;
  return `${name} was trained on ${listed(trainSeasons)} with ${count(artifacts.model.summary.trainFrames)} frames`;
}

function cautions({ first, second, difference }: ModelComparison): Html | null {
  const seen = (of: Contender, other: Contender): string[] =>
    of.result.seasons.filter((season) => other.model.trainSeasons.includes(season));
  const texts = [
    difference === undefined &&
      'The two results are of different held-out frames: their scores say as much of the frames as of the models.',
    ...[
      [first, second],
      [second, first],
    ].map(
      ([of, other]) =>
        seen(of!, other!).length > 0 &&
        `${other!.model.name} was trained on ${listed(seen(of!, other!))}, which ${of!.model.name} is judged by.`,
    ),
  ].filter((text) => text !== false);
  return cautionList(texts);
}
