import type { GroupScore, SiteScore, ValidationResult } from '../../contracts/validation';
import { wilson } from '../../model/metrics/wilson';
import { estimateText } from '../estimate';
import { count, loss, percent } from '../format';
import { html, type Html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

export function groupSection(result: ValidationResult): Section {
  return {
    id: 'groups',
    title: 'Seasons and sites',
    body: html`${siteTable(result)} ${groupTable('season-table', 'Held-out seasons', 'Season', result.perSeason)}
      ${chart(
        'sites',
        'Accuracy of each site against its number of sequences; the table below has the same figures.',
        html`A dot is a site. Between the curves lie the sites that differ from the mean by no more than chance: 95 % of
        them, were all alike. Sites outside are worth a look.`,
      )}
      <details>
        <summary>Sites as a table</summary>
        ${groupTable('site-table', 'Sites', 'Site', result.perSite)}
      </details>`,
  };
}

interface SiteRow extends SiteScore {
  readonly name: string;
}

/** What the model does where it knows the background, and where it does not. */
function siteTable({ knownSites, newSites }: ValidationResult): Html {
  const rows: SiteRow[] = [
    ...(knownSites === undefined ? [] : [{ name: 'Sites that training saw', ...knownSites }]),
    ...(newSites === undefined ? [] : [{ name: 'Sites that training never saw', ...newSites }]),
  ];
  return html`${table<SiteRow>({
    id: 'new-sites',
    caption: 'Known sites and new sites, with 95 % intervals',
    rows,
    columns: [
      { head: '', cell: (row) => row.name },
      { head: 'Sites', cell: (row) => count(row.sites), value: (row) => row.sites },
      { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
      { head: 'Right', cell: (row) => estimateText(row.accuracy, percent), value: (row) => row.accuracy.value },
      { head: 'Log loss', cell: (row) => estimateText(row.logLoss, loss), value: (row) => row.logLoss.value },
    ],
  })}
  ${
    newSites === undefined
      ? html`<p class="note">
          All held-out sites are known from training, so nothing here says how the model does at a new one. The option
          <code>frames.holdOutSites</code> keeps some out of training.
        </p>`
      : null
  }`;
}

function groupTable(id: string, caption: string, head: string, rows: readonly GroupScore[]): Html {
  return table({
    id,
    caption,
    rows,
    columns: [
      { head, cell: (row) => row.name, value: (row) => row.name },
      { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
      { head: 'Right', cell: (row) => percent(row.accuracy), value: (row) => row.accuracy },
      { head: '95 % interval', cell: intervalOf, numeric: true },
      { head: 'Log loss', cell: (row) => loss(row.logLoss), value: (row) => row.logLoss },
    ],
  });
}

function intervalOf({ accuracy, sequences }: GroupScore): string {
  const { low, high } = wilson(Math.round(accuracy * sequences), sequences);
  return `${percent(low, 0)} to ${percent(high, 0)}`;
}
