import { html, type Html } from '../html';
import { renderPage } from '../page';

/** The pages that list what a store has, in the order of their links. */
const PLACES = [
  { path: '/', name: 'Runs' },
  { path: '/models', name: 'Models' },
  { path: '/results', name: 'Results' },
  { path: '/seasons', name: 'Seasons' },
  { path: '/history', name: 'History' },
] as const;

export interface SitePage {
  readonly title: string;
  /** Of the place that the page belongs to; without one, there are no other pages. */
  readonly path: (typeof PLACES)[number]['path'] | undefined;
  /** What to know before reading on, one sentence each. */
  readonly lead?: readonly Html[];
  readonly body: Html;
  /** Where the Temporal UI is. */
  readonly uiUrl?: string | undefined;
}

/** A page of the site over a store, with links to the others. */
export function sitePage({ title, path, lead = [], body, uiUrl }: SitePage): string {
  return renderPage({
    title: `${title} · serengeti`,
    description: `${title} of a serengeti store.`,
    styles: ['base.css', 'site.css'],
    scripts: ['page.js'],
    data: {},
    body: html`${path === undefined ? null : places(path, uiUrl)}
      <main id="main">
        <h1>${title}</h1>
        ${lead.map((text) => html`<p>${text}</p>`)} ${body}
      </main>`,
  });
}

function places(path: string, uiUrl: string | undefined): Html {
  return html`<nav class="places" aria-label="Pages">
    <ol>
      ${PLACES.map(
        (place) =>
          html`<li>
            <a href="${place.path}" ${place.path === path ? html`aria-current="page"` : null}>${place.name}</a>
          </li>`,
      )}
      ${uiUrl === undefined ? null : html`<li class="elsewhere"><a href="${uiUrl}">Temporal UI</a></li>`}
    </ol>
  </nav>`;
}

/** A part of a long list. */
export interface Slice<T> {
  readonly rows: readonly T[];
  /** From 1 on. */
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

const ROWS_A_PAGE = 100;

/** The page of this number, or the nearest that there is. */
export function sliceOf<T>(rows: readonly T[], wanted: number): Slice<T> {
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_A_PAGE));
  const page = Math.min(Math.max(1, wanted), pages);
  return { rows: rows.slice((page - 1) * ROWS_A_PAGE, page * ROWS_A_PAGE), page, pages, total: rows.length };
}

/** Links to the parts of a list before and after this one; nothing where this is all of it. */
export function pager({ page, pages }: Slice<unknown>): Html | null {
  if (pages === 1) return null;
  return html`<nav class="pager" aria-label="Parts of the list">
    ${page > 1 ? html`<a href="?page=${page - 1}" rel="prev">Newer</a>` : null}
    <span>${page} of ${pages}</span>
    ${page < pages ? html`<a href="?page=${page + 1}" rel="next">Older</a>` : null}
  </nav>`;
}

/** What stands where a list would, and what to do about it. */
export function nothingYet(text: string, command: string): Html {
  return html`<p class="nothing">${text} <code>${command}</code></p>`;
}
