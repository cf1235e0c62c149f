import type { GallerySequence } from '../../contracts/exploration';
import { count, plural } from '../format';
import { html } from '../html';
import type { Section } from '../page';
import type { Thumbnail } from '../thumbnails';

/** A sequence of the gallery with its photographs, as the page's script takes it. */
export interface IllustratedSequence extends Omit<GallerySequence, 'fileNames'> {
  readonly frames: readonly { readonly fileName: string; readonly image?: Thumbnail }[];
}

/** Look at a random animal: choose a kind, and a seed chooses the sequence. */
export function gallerySection(sequences: readonly IllustratedSequence[]): Section {
  const counts = new Map<string, number>();
  for (const { labels } of sequences) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...counts.keys()].sort();
  return {
    id: 'gallery',
    title: 'Look at a random animal',
    body:
      classes.length === 0
        ? html`<p>No photographs are at hand: download a season first.</p>`
        : html`<p>
              Choose a kind; the seed chooses one of its sequences, always the same. Flip through its frames with the
              arrows. ${plural(sequences.length, 'sequence')} are on this page.
            </p>
            <form class="controls" data-viewer-form>
              <label
                >Kind
                <select name="kind">
                  ${classes.map(
                    (name) => html`<option value="${name}">${name} (${count(counts.get(name) ?? 0)})</option>`,
                  )}
                </select></label
              >
              <label
                >Seed
                <input name="seed" type="number" min="0" max="4294967295" step="1" value="111" inputmode="numeric"
              /></label>
              <button type="button" data-another>Another</button>
            </form>
            <div class="viewer" data-viewer>
              <div class="frames" tabindex="0" role="group" aria-label="Frames of the sequence"></div>
              <div class="strip" aria-hidden="true"></div>
              <p class="place" aria-live="polite"></p>
            </div>`,
  };
}
