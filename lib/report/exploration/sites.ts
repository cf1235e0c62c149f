import type { Exploration, SplitFacts } from '../../contracts/exploration';
import { count, listed, percent, plural } from '../format';
import { html, type Html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

export function siteSection({ sites }: Exploration): Section {
  return {
    id: 'sites',
    title: 'Where the cameras stand',
    body: html`${chart(
        'sites',
        'Share of empty sequences of each site against its number of sequences; the table below has the same figures.',
        html`A dot is a site; the larger, the more kinds of animals. High up are cameras that grass and heat set off.`,
      )}
      <details>
        <summary>Sites as a table</summary>
        ${table({
          id: 'site-table',
          caption: 'Sites',
          rows: sites,
          columns: [
            { head: 'Site', cell: (row) => row.site, value: (row) => row.site },
            { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
            { head: 'Frames', cell: (row) => count(row.frames), value: (row) => row.frames },
            {
              head: 'Empty',
              cell: (row) => percent(row.empties / Math.max(1, row.sequences)),
              value: (row) => row.empties / Math.max(1, row.sequences),
            },
            { head: 'Kinds of animals', cell: (row) => count(row.species), value: (row) => row.species },
            {
              head: 'Seasons',
              cell: (row) => row.seasons.join(' '),
              value: (row) => row.seasons.length,
              wide: true,
            },
          ],
        })}
      </details>`,
  };
}

export function splitSection(split: SplitFacts): Section {
  const { sharedSites, trainOnlySites, validationOnlySites } = split;
  return {
    id: 'split',
    title: 'What training and validation share',
    body: html`<p>
        Training learns from ${listed(split.trainSeasons)}, validation looks at ${listed(split.validationSeasons)}.
        Sites come back season after season, so a held-out season is not a held-out place: what is learned of a
        background helps again.
      </p>
      <dl class="facts">
        <div>
          <dt>On both sides</dt>
          <dd>
            <b>${count(sharedSites.length)}</b> ${sharedSites.length === 1 ? 'site' : 'sites'}${some(sharedSites)}
          </dd>
        </div>
        <div>
          <dt>Only in training</dt>
          <dd>
            <b>${count(trainOnlySites)}</b> ${trainOnlySites === 1 ? 'site' : 'sites'}${classes(split.trainOnlyClasses)}
          </dd>
        </div>
        <div>
          <dt>Only in validation</dt>
          <dd>
            <b>${count(validationOnlySites)}</b>
            ${validationOnlySites === 1 ? 'site' : 'sites'}${classes(split.validationOnlyClasses)}
          </dd>
        </div>
      </dl>`,
  };
}

function some(names: readonly string[]): string {
  if (names.length === 0) return '';
  return names.length > 20 ? `: ${names.slice(0, 20).join(', ')} …` : `: ${names.join(', ')}`;
}

function classes(names: readonly string[]): Html | null {
  if (names.length === 0) return null;
  return html`; ${plural(names.length, 'class', 'classes')}: ${names.join(', ')}`;
}
