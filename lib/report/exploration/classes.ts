import type { Exploration } from '../../contracts/exploration';
import { count, percent, plural } from '../format';
import { html, type Html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';
import { sum } from './headline';

export function classSection({ perClass, emptyClass, seasons }: Exploration): Section {
  const all = sum(seasons, (season) => season.sequences);
  const empty = perClass.find((row) => row.className === emptyClass)?.sequences ?? 0;
  const animals = perClass.filter((row) => row.className !== emptyClass);
  const never = animals.filter((row) => row.sequences === 0).map((row) => row.className);
  return {
    id: 'classes',
    title: 'How often each animal is seen',
    body: html`<p>
        ${empty === 0 ? `None of ${plural(all, 'sequence')} is ${emptyClass}.` : `${count(empty)} of ${plural(all, 'sequence')} are ${emptyClass}: ${percent(empty / Math.max(1, all))}.`}
        The animals stand on a logarithmic scale${ratio(animals)}.
      </p>
      ${neverSeen(never)} ${chart('classes', 'Sequences of each class; the table below has the same figures.')}
      <details>
        <summary>Classes as a table</summary>
        ${table({
          id: 'class-table',
          caption: 'Sequences of each class',
          rows: [...perClass].sort((a, b) => b.sequences - a.sequences),
          columns: [
            { head: 'Class', cell: (row) => row.className, value: (row) => row.className },
            { head: 'Sequences', cell: (row) => count(row.sequences), value: (row) => row.sequences },
            {
              head: 'Share',
              cell: (row) => percent(row.sequences / Math.max(1, all), 2),
              value: (row) => row.sequences,
            },
            { head: 'Sites', cell: (row) => count(row.sites), value: (row) => row.sites },
            ...seasons.map(({ season }) => ({
              head: season,
              cell: (row: Exploration['perClass'][number]) => count(row.perSeason[season] ?? 0),
              value: (row: Exploration['perClass'][number]) => row.perSeason[season] ?? 0,
            })),
          ],
        })}
      </details>`,
  };
}

function ratio(animals: Exploration['perClass']): string {
  const counts = animals.map((row) => row.sequences).filter((sequences) => sequences > 0);
  const times = Math.round(Math.max(...counts) / Math.min(...counts));
  return counts.length < 2 || times < 2 ? '' : `: the commonest is seen ${count(times)} times as often as the rarest`;
}

function neverSeen(names: readonly string[]): Html | null {
  if (names.length === 0) return null;
  return html`<p>Never seen here: ${names.join(', ')}.</p>`;
}

export function activitySection({ perClass, emptyClass }: Exploration): Section {
  const animals = perClass.filter((row) => row.sequences > 0 && row.className !== emptyClass);
  return {
    id: 'activity',
    title: 'When they are about',
    body: html`<p>
        Hours are those of the camera’s clock. Each row is a class, each cell the share of its sequences in that hour.
      </p>
      ${chart('hours', 'Activity of each class by hour of the day; the table below has the same figures.')}
      <h3>Over the months</h3>
      <p class="controls">
        <label
          >Class
          <select data-months>
            <option value="">all animals</option>
            ${animals.map(({ className }) => html`<option value="${className}">${className}</option>`)}
            <option value="${emptyClass}">${emptyClass}</option>
          </select></label
        >
      </p>
      ${chart('months', 'Sequences of the chosen class by month.')}
      <details>
        <summary>Hours as a table</summary>
        ${table({
          id: 'hour-table',
          caption: 'Sequences by hour of the day',
          rows: animals,
          columns: [
            { head: 'Class', cell: (row) => row.className, value: (row) => row.className },
            ...Array.from({ length: 24 }, (_, hour) => ({
              head: String(hour),
              cell: (row: Exploration['perClass'][number]) => count(row.hours[hour] ?? 0),
              value: (row: Exploration['perClass'][number]) => row.hours[hour] ?? 0,
            })),
          ],
        })}
      </details>`,
  };
}
