import type { Exploration, SeasonFacts } from '../../contracts/exploration';
import { count, percent, plural } from '../format';
import { html, type Html } from '../html';
import { beside } from '../page';

export function title({ catalog }: Exploration): string {
  return `What is in ${catalog}`;
}

/** The first screen: how much there is, and how much of it is empty. */
export function headline(exploration: Exploration, report: string | undefined): Html {
  const { seasons, sites, perClass, emptyClass } = exploration;
  const frames = sum(seasons, (season) => season.frames);
  const sequences = sum(seasons, (season) => season.sequences);
  const empties = sum(seasons, (season) => season.empties);
  const animals = perClass.filter((row) => row.sequences > 0 && row.className !== emptyClass).length;
  return html`<header class="headline">
    <p class="kicker">Exploration${beside(report, 'How well the model does on it')}</p>
    <h1>${title(exploration)}</h1>
    <p class="lead">
      ${plural(seasons.length, 'season')} of camera traps${datesOf(seasons)}. A camera takes a few frames when something
      moves; they are a sequence, and a sequence has the labels.
    </p>
    <dl class="figures">
      ${figure('Frames', count(frames), `${(frames / Math.max(1, sequences)).toFixed(2)} a sequence`)}
      ${figure('Sequences', count(sequences), `${percent(empties / Math.max(1, sequences))} are empty`)}
      ${figure('Kinds of animals', count(animals), `of ${count(exploration.classes.length - 1)} in the catalog`)}
      ${figure('Sites', count(sites.length), `${count(sequences / Math.max(1, sites.length))} sequences each, on average`)}
    </dl>
  </header>`;
}

function figure(name: string, value: string, note: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="beside">${note}</dd>
  </div>`;
}

function datesOf(seasons: readonly SeasonFacts[]): string {
  const firsts = seasons.flatMap(({ first }) => first ?? []).sort();
  const lasts = seasons.flatMap(({ last }) => last ?? []).sort();
  return firsts[0] === undefined || lasts.length === 0 ? '' : `, from ${firsts[0]} to ${lasts.at(-1)}`;
}

export function sum<T>(rows: readonly T[], value: (row: T) => number): number {
  return rows.reduce((total, row) => total + value(row), 0);
}
