import type { Example } from '../../contracts/validation';
import { count, listed, percent } from '../format';
import { html, type Html } from '../html';
import type { Section } from '../page';
import type { Thumbnail } from '../thumbnails';

/** A sequence with the frames that could be shrunk; `undefined` where a frame is missing or cannot be decoded. */
export interface IllustratedExample {
  readonly example: Example;
  readonly frames: readonly (Thumbnail | undefined)[];
}

export function errorSection(examples: readonly IllustratedExample[]): Section {
  return {
    id: 'errors',
    title: 'Its most confident errors',
    body: gallery(
      'errors',
      examples,
      html`<p>
        Where the model was sure and wrong. Some of these are wrong labels rather than wrong answers: one label stands
        for a whole sequence, and the animal may have left the frame.
      </p>`,
      'The model made no errors.',
    ),
  };
}

/** @param file - address of the list of all sequences */
export function reviewSection(examples: readonly IllustratedExample[], file: string): Section {
  return {
    id: 'review',
    title: 'What to look at first',
    body: gallery(
      'review',
      examples,
      html`<p>
        The answers that the model is least sure of, most doubtful first: where a person’s look is worth most.
        <a href="${file}">All sequences in this order</a>, as a table.
      </p>`,
      'No sequence has a photograph that could be read.',
    ),
  };
}

export function hitSection(examples: readonly IllustratedExample[]): Section {
  return {
    id: 'hits',
    title: 'Its best hits',
    body: gallery(
      'hits',
      examples,
      html`<p>The surest right answers, the classes taking turns.</p>`,
      'The model was never right.',
    ),
  };
}

function gallery(name: string, examples: readonly IllustratedExample[], introduction: Html, none: string): Html {
  if (examples.length === 0) return html`<p>${none}</p>`;
  const classes = [...new Set(examples.flatMap(({ example }) => example.labels))].sort();
  return html`${introduction}
    <p class="controls">
      <label
        >True class
        <select data-filter="${name}">
          <option value="">all</option>
          ${classes.map((className) => html`<option value="${className}">${className}</option>`)}
        </select></label
      >
    </p>
    <ul class="gallery" data-gallery="${name}">
      ${examples.map(card)}
    </ul>
    <button type="button" class="more" data-more="${name}" hidden>Show all ${count(examples.length)}</button>`;
}

function card({ example, frames }: IllustratedExample): Html {
  const [first] = example.top;
  return html`<li class="card" data-labels="${JSON.stringify(example.labels)}">
    ${pictures(example, frames)}
    <div class="body">
      <p class="truth"><span class="name">${listed(example.labels)}</span></p>
      <ol class="top">
        ${example.top.map(
          ({ className, probability }) =>
            html`<li
              class="${example.labels.includes(className) ? 'right' : className === first?.className ? 'wrong' : undefined}"
            >
              <span class="name">${className}</span
              ><span class="share">${percent(probability, probability > 0.9995 || probability < 0.0995 ? 1 : 0)}</span
              ><meter min="0" max="1" value="${probability.toFixed(4)}" aria-hidden="true"></meter>
            </li>`,
        )}
      </ol>
      <p class="place">${example.season} · ${example.site} · <span class="sequence">${example.sequence}</span></p>
    </div>
  </li>`;
}

function pictures({ labels, fileNames }: Example, frames: readonly (Thumbnail | undefined)[]): Html {
  const several = frames.length > 1;
  return html`<div class="frames" data-frames="${frames.length}">
    ${frames.map((frame, index) => picture(frame, `${listed(labels)}, ${fileNames[index] ?? ''}`, index))}
    ${several ? html`<button type="button" class="previous" aria-label="Previous frame">‹</button><button type="button" class="next" aria-label="Next frame">›</button><span class="position" aria-live="polite">1 / ${frames.length}</span>` : null}
  </div>`;
}

function picture(frame: Thumbnail | undefined, description: string, index: number): Html {
  const state = index === 0 ? 'frame shown' : 'frame';
  if (frame === undefined)
    return html`<p class="${state} missing">The photograph could not be read.<br />${description}</p>`;
  return html`<img
    class="${state}"
    decoding="async"
    src="${frame.url}"
    width="${frame.width}"
    height="${frame.height}"
    alt="${description}"
  />`;
}
