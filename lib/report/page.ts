import { inlineScript, libraryText, pageAsset } from './assets';
import { html, Html, scriptJson } from './html';

/** A page that needs nothing beside itself. */
export interface Page {
  readonly title: string;
  readonly description: string;
  /** Names of files in `page/`, in order. */
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  /** What the scripts draw from. */
  readonly data: unknown;
  readonly body: Html;
  /** Whether it asks its own server for data and pictures. @default false */
  readonly isServed?: boolean;
}

/**
 * The whole document. Its content security policy admits the page's own scripts by their digests and nothing from
 * outside: no request leaves the page, but to its own server where it has one, and no name in the data can become a script.
 */
export function renderPage(page: Page): string {
  const libraries = page.scripts.includes('charts.js') ? [libraryText('d3'), libraryText('plot')] : [];
  const scripts = [...libraries, ...page.scripts.map(pageAsset)].map(inlineScript);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((script) => script.source).join(' ')}`,
    "style-src 'unsafe-inline'", // charts style themselves; without requests a style can do nothing but look odd
    ...(page.isServed === true ? ["img-src 'self'", "connect-src 'self'"] : ['img-src data:']),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const style = new Html(page.styles.map(pageAsset).join('\n'));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${page.description}" />
        <title>${page.title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${page.body}
        <script type="application/json" id="data">
          ${scriptJson(page.data)}
        </script>
        ${scripts.map((script) => script.element)}
      </body>
    </html> `.toString();
}

/** A chart's place: the script of the page draws into it. `text` says the same to those who do not see it. */
export function chart(name: string, text: string, caption?: Html): Html {
  return html`<figure class="chart">
    <div class="drawing" data-chart="${name}" data-text="${text}"></div>
    <noscript><p class="note">This chart needs JavaScript; the tables do not.</p></noscript>
    ${caption === undefined ? null : html`<figcaption>${caption}</figcaption>`}
  </figure>`;
}

/** In the line above a page's title: the page that stands beside it, where there is one. */
export function beside(address: string | undefined, text: string): Html | null {
  return address === undefined ? null : html` · <a href="${address}">${text}</a>`;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** A section with its heading; `navigation` links to it. */
function section({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;
}

/** The body of a page: links to its sections, its head, the sections. */
export function pageBody(headline: Html, sections: readonly Section[]): Html {
  return html`${navigation(sections)}
    <main id="main">${headline} ${sections.map(section)}</main>
    <footer><p>Drawn with Observable Plot and D3 (ISC). Nothing on this page is fetched from anywhere.</p></footer>`;
}

/** What to know before one believes what a page says; nothing where there is nothing to say. */
export function cautionList(texts: readonly string[]): Html | null {
  if (texts.length === 0) return null;
  return html`<aside class="cautions" aria-labelledby="cautions-title">
    <h2 id="cautions-title">Before you believe these figures</h2>
    <ul>
      ${texts.map((text) => html`<li>${text}</li>`)}
    </ul>
  </aside>`;
}

function navigation(sections: readonly Section[]): Html {
  return html`<nav class="contents" aria-label="Contents">
    <ol>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ol>
  </nav>`;
}
