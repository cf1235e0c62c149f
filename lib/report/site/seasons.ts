import { bytes, count } from '../format';
import { html } from '../html';
import { table } from '../table';
import { nothingYet, sitePage } from './site';

/** What the store has of a season. */
export interface SeasonLine {
  readonly id: string;
  readonly archiveBytes?: number;
  /** Frames that were extracted. */
  readonly unpacked?: number;
  readonly frames?: number;
  readonly sequences?: number;
}

export function seasonsPage(seasons: readonly SeasonLine[], uiUrl?: string): string {
  return sitePage({
    title: 'Seasons',
    path: '/seasons',
    uiUrl,
    body:
      seasons.length === 0
        ? nothingYet('Nothing of any season is here yet. What a catalog offers:', 'npm run serengeti -- seasons')
        : table<SeasonLine>({ id: 'seasons', caption: 'What is in this store.', columns: COLUMNS, rows: seasons }),
  });
}

const COLUMNS = [
  { head: 'Season', cell: ({ id }: SeasonLine) => html`${id}`, value: ({ id }: SeasonLine) => id },
  figure('Downloaded', 'archiveBytes', bytes),
  figure('Unpacked frames', 'unpacked', count),
  figure('Indexed frames', 'frames', count),
  figure('Indexed sequences', 'sequences', count),
];

function figure(head: string, name: Exclude<keyof SeasonLine, 'id'>, format: (value: number) => string) {
  return {
    head,
    cell: (season: SeasonLine) => (season[name] === undefined ? '–' : format(season[name])),
    value: (season: SeasonLine) => season[name] ?? null,
  };
}
