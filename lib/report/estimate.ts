import type { Estimate } from '../contracts/validation';
import { plural } from './format';
import { html, type Html } from './html';

/** A figure with its interval under it; `—` where there is none. */
export function estimateText(estimate: Estimate | undefined, format: (value: number) => string): Html {
  if (estimate === undefined) return html`—`;
  return html`${format(estimate.value)} <span class="range">${rangeText(estimate, format)}</span>`;
}

export function rangeText({ low, high }: Pick<Estimate, 'low' | 'high'>, format: (value: number) => string): string {
  return `${format(low)} to ${format(high)}`;
}

/** What 95 % intervals are over, and what they leave out: a sentence. */
export function intervalsText(sites: number): string {
  return sites > 1
    ? `Ranges are 95 % intervals over ${plural(sites, 'site')}: where the figure would be at other sites like these, in these seasons. Other seasons can differ by more.`
    : 'Ranges are 95 % intervals over the sequences of one site: other sites and other seasons can differ by more.';
}
