import type { GroupScore, ValidationResult } from '../../contracts/validation';
import { count, loss, percent } from '../format';
import { html, type Html } from '../html';
import { wilson } from '../interval';
import { chart, type Section } from '../page';
import { table } from '../table';

export function groupSection(result: ValidationResult): Section {
  return {
    id: 'groups',
    title: 'Seasons and sites',
    body: html`${groupTable('season-table', 'Held-out seasons', 'Season', result.perSeason)}
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
