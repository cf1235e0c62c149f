import { formatMinute } from '../../contracts/format';
import type { Defence, Promotion, RegistryState, Settlement } from '../../contracts/registry';
import { html, type Html } from '../html';
import { modelPath } from './links';
import { nothingYet, pager, sitePage, sliceOf } from './site';

/** How champions came and stayed, newest first. */
export function historyPage(state: RegistryState, page: number, uiUrl?: string): string {
  const events = sliceOf(eventsOf(state), page);
  return sitePage({
    title: 'History',
    path: '/history',
    uiUrl,
    body:
      events.total === 0
        ? nothingYet(
            'No model was promoted yet. The first of a catalog is, when its run ends:',
            'npm run serengeti -- run',
          )
        : html`${list(events.rows)} ${pager(events)}`,
  });
}

export function eventList(state: Pick<RegistryState, 'promotions' | 'defences'>): Html {
  return list(eventsOf(state));
}

function eventsOf({ promotions, defences }: Pick<RegistryState, 'promotions' | 'defences'>): Settlement[] {
  return [...promotions, ...defences].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

function list(events: readonly Settlement[]): Html {
  return html`<ol class="events">
    ${events.map(
      (event) =>
        html`<li>
          <time datetime="${event.at}">${formatMinute(event.at)} UTC · ${event.catalog}</time>
          ${'challenger' in event ? defence(event) : promotion(event)}
          <p>${event.reason}</p>
        </li>`,
    )}
  </ol>`;
}

function promotion({ model, replaced }: Promotion): Html {
  const after = replaced === undefined ? null : html`, after ${linkTo(replaced)}`;
  return html`<strong>${linkTo(model)} became champion</strong>${after}`;
}

function defence({ challenger, champion }: Defence): Html {
  return html`<strong>${linkTo(champion)} stayed champion</strong> against ${linkTo(challenger)} ·
    <a href="${modelPath(challenger)}/beside/${encodeURIComponent(champion)}">compare</a>`;
}

function linkTo(name: string): Html {
  return html`<a href="${modelPath(name)}">${name}</a>`;
}
