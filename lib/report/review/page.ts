import { count } from '../format';
import { html, type Html } from '../html';
import { renderPage } from '../page';

export interface ReviewPage {
  /** What is reviewed. */
  readonly title: string;
  /** What `export camtrap-dp` takes, if it takes this. */
  readonly source: string | undefined;
  readonly classifiedBy: string | undefined;
  readonly sequences: number;
  readonly classes: readonly string[];
  readonly sites: readonly string[];
  readonly emptyClass: string;
  readonly personClass: string;
  /** Lines of the journal that could not be read. */
  readonly unreadable: number;
  /** Comes back with every mark. */
  readonly secret: string;
}

const KEYS = [
  ['Enter', 'accept the model’s answer'],
  ['1 to 5', 'choose one of its answers'],
  ['C, /', 'another class: type to search'],
  ['E', 'empty'],
  ['P', 'a person'],
  ['U', 'cannot tell'],
  ['Z', 'undo'],
  ['Down, J', 'next sequence'],
  ['Up, K', 'previous sequence'],
  ['Right, Left', 'next and previous photograph'],
  ['Space', 'play the photographs of the sequence'],
  ['F', 'look closer, and back'],
] as const;

/** The page on which people review what a model said. It fetches all else from its server, in slices. */
export function reviewPage(page: ReviewPage): string {
  const { title, sequences, classes, sites, emptyClass, personClass, secret, unreadable } = page;
  return renderPage({
    title: `Review of ${title} · serengeti`,
    description: `Review of ${count(sequences)} sequences of ${title}.`,
    styles: ['base.css', 'review/page.css'],
    scripts: ['review/outbox.js', 'review/list.js', 'review/progress.js', 'review/search.js', 'review/page.js'],
    data: { sequences, classes, sites, emptyClass, personClass, secret },
    isServed: true,
    body: html`<header>
        <h1>${title}</h1>
        <p class="status" id="status" role="status" aria-live="polite"></p>
        <button type="button" id="who" title="Change the name that your marks have"></button>
        <button type="button" id="keys" title="Keys">Keys</button>
        ${exportMenu(page)}
      </header>
      <form class="filters" id="filters" aria-label="Which sequences, and in which order">
        ${select('order', 'Order', [
          ['doubt', 'Most doubtful first'],
          ['class', 'By class'],
          ['site', 'By site'],
          ['day', 'By day'],
          ['random', 'Random draw'],
        ])}
        ${select('label', 'Model says', [['', 'any class'], ...named([...classes].sort())])}
        ${select('site', 'Site', [['', 'all sites'], ...named(sites)])}
        <label>Day <input type="date" name="day" /></label>
        ${select('show', 'Show', [
          ['all', 'all'],
          ['open', 'not yet by me'],
          ['mine', 'marked by me'],
          ['disputed', 'disagreements'],
          ['undetermined', 'nobody could tell'],
        ])}
      </form>
      ${unreadable === 0 ? null : html`<p class="notice">${count(unreadable)} ${unreadable === 1 ? 'line' : 'lines'} of the journal could not be read. A crash leaves such a line; it was never said to be saved.</p>`}
      <p class="notice" id="trouble" role="alert" hidden></p>
      <main id="main">
        <section class="rows-pane" aria-labelledby="total">
          <p class="total"><span id="total"></span> <button type="button" id="close-list">Close</button></p>
          <div class="rows" id="rows" role="listbox" tabindex="0" aria-labelledby="total"><div class="all"></div></div>
        </section>
        <section class="stage" aria-label="Photographs">
          <div class="photograph" id="photograph">
            <img id="large" alt="" />
            <p class="missing" hidden>
              This photograph cannot be shown: it is gone, is damaged, or lies outside of the folder.
            </p>
            <p class="position" id="frame-position"></p>
          </div>
          <div class="strip" id="strip" aria-label="Photographs of the sequence"></div>
        </section>
        <section class="panel" aria-labelledby="place">
          <p class="where">
            <button type="button" id="previous" aria-label="Previous sequence">‹</button>
            <span id="place"></span>
            <button type="button" id="next" aria-label="Next sequence">›</button>
          </p>
          <ol class="answers" id="answers" aria-label="What the model says"></ol>
          <p class="verdict" id="verdict"></p>
          <div class="marks">
            <button type="button" class="primary" id="accept">Accept <kbd>Enter</kbd></button>
            <button type="button" id="correct">Another class <kbd>C</kbd></button>
            <button type="button" id="empty">Empty <kbd>E</kbd></button>
            <button type="button" id="person">Person <kbd>P</kbd></button>
            <button type="button" id="unsure">Cannot tell <kbd>U</kbd></button>
            <button type="button" id="undo">Undo <kbd>Z</kbd></button>
          </div>
          <button type="button" id="open-list">List of sequences</button>
          <section class="progress" id="progress" aria-labelledby="progress-title">
            <h2 id="progress-title">How good is it?</h2>
            <div id="accuracy"></div>
            <div id="people"></div>
          </section>
        </section>
      </main>
      <dialog id="name-dialog" aria-labelledby="name-title">
        <form method="dialog">
          <h2 id="name-title">Who is looking?</h2>
          <p>Your marks are kept under this name, apart from those of others.</p>
          <input id="name" name="name" autocomplete="name" maxlength="60" required aria-labelledby="name-title" />
          <button class="primary">Begin</button>
        </form>
      </dialog>
      <dialog id="search-dialog" aria-label="Another class">
        <form method="dialog">
          <div class="chosen" id="chosen"></div>
          <input
            id="search"
            role="combobox"
            aria-label="Class"
            aria-controls="found"
            aria-expanded="true"
            aria-autocomplete="list"
            maxlength="100"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder="Type a class"
          />
          <ul id="found" role="listbox" aria-label="Classes"></ul>
          <p class="note">
            <kbd>Enter</kbd> takes it, <kbd>Shift</kbd> <kbd>Enter</kbd> takes it and one more, <kbd>Esc</kbd> leaves.
          </p>
        </form>
      </dialog>
      <dialog id="keys-dialog" aria-labelledby="keys-title">
        <form method="dialog">
          <h2 id="keys-title">Keys</h2>
          <dl class="keys">
            ${KEYS.map(
              ([key, meaning]) =>
                html`<div>
                  <dt>${key}</dt>
                  <dd>${meaning}</dd>
                </div>`,
            )}
          </dl>
          <button class="primary">Close</button>
        </form>
      </dialog>`,
  });
}

function exportMenu({ source }: ReviewPage): Html {
  return html`<details class="export">
    <summary>Export</summary>
    <div>
      <p>What was reviewed, as labels:</p>
      <p>
        <a href="/labels.csv" download>labels.csv</a><br />Beside the folder of photographs and under its name, it makes
        a season of both for <code>serengeti catalog</code>.
      </p>
      <p><a href="/megadetector.json" download>megadetector.json</a><br />For Timelapse and others.</p>
      ${source === undefined ? null : html`<p>Camtrap DP<br /><code>serengeti export camtrap-dp ${source} --reviewed --locations …</code></p>`}
    </div>
  </details>`;
}

type Choice = readonly [value: string, text: string];

function named(names: readonly string[]): Choice[] {
  return names.map((name) => [name, name]);
}

function select(name: string, text: string, choices: readonly Choice[]): Html {
  return html`<label
    >${text}
    <select name="${name}">
      ${choices.map(([value, choice]) => html`<option value="${value}">${choice}</option>`)}
    </select></label
  >`;
}
