import { createHash } from 'node:crypto';
import { clockText, named, spanOf, type CameraEvent } from '../export';
import { normalizedLabel } from '../contracts/labelNames';
import { findingOf, type Marks } from './marks';

/** How sequences can be gone through. `random` is a draw: what was reviewed of it is a sample of all. */
export const ORDERS = ['doubt', 'class', 'site', 'day', 'random'] as const;
export type Order = (typeof ORDERS)[number];

/** Which of them: all, without my mark, with it, those that people disagree on, those that nobody could tell. */
export const SHOWN = ['all', 'open', 'mine', 'disputed', 'undetermined'] as const;

export interface ViewRequest {
  readonly order: Order;
  readonly show: (typeof SHOWN)[number];
  /** Who looks. */
  readonly by: string;
  /** Only sequences that the model takes for this class. */
  readonly label?: string | undefined;
  readonly site?: string | undefined;
  /** As 2024-05-01; empty for those without a time. */
  readonly day?: string | undefined;
}

/** A sequence as lists show it and are sorted by. */
export interface Listed {
  readonly event: CameraEvent;
  /** Of the sequence, by which marks know it. */
  readonly name: string;
  readonly site: string;
  /** When it began, by the camera's clock; empty where no photograph has a time. */
  readonly taken: string;
  readonly answer: string;
  readonly probability: number;
  /** Where a draw puts it. */
  readonly lot: number;
}

/** The sequences of a folder or a season in their orders. */
export class Listing {
  readonly sequences: readonly Listed[];
  readonly sites: readonly string[];
  readonly #orders = new Map<Order, Uint32Array>();

  constructor(events: readonly CameraEvent[]) {
    this.sequences = events.map(listed);
    const { compare } = new Intl.Collator('en', { numeric: true });
    this.sites = [...new Set(this.sequences.map(({ site }) => site))].sort(compare);
  }

  /** Positions in `sequences`, all of them. */
  order(order: Order): Uint32Array {
    let positions = this.#orders.get(order);
    if (positions === undefined) {
      const before = this.#comparison(order);
      positions = Uint32Array.from(this.sequences.keys()).sort(
        (a, b) => before(this.sequences[a]!, this.sequences[b]!) || a - b,
      );
      this.#orders.set(order, positions);
    }
    return positions;
  }

  /** Positions of what is asked for, as of now: later marks do not move what somebody is looking at. */
  view({ order, show, by, label, site, day }: ViewRequest, marks: Marks): Uint32Array {
    return this.order(order).filter((position) => {
      const sequence = this.sequences[position]!;
      if (label !== undefined && normalizedLabel(sequence.answer) !== normalizedLabel(label)) return false;
      if (site !== undefined && sequence.site !== site) return false;
      if (day !== undefined && sequence.taken.slice(0, 10) !== day) return false;
      if (show === 'all') return true;
      const opinions = marks.of(sequence.name);
      if (show === 'open' || show === 'mine') return opinions.has(by) === (show === 'mine');
      return findingOf(opinions)?.state === show;
    });
  }

  #comparison(order: Order): (a: Listed, b: Listed) => number {
    const ranks = new Map(this.sites.map((site, rank) => [site, rank]));
    const bySite = (a: Listed, b: Listed): number => ranks.get(a.site)! - ranks.get(b.site)!;
    const byTime = (a: Listed, b: Listed): number => byText(a.taken, b.taken);
    const byDoubt = (a: Listed, b: Listed): number => a.probability - b.probability;
    switch (order) {
      case 'doubt':
        return byDoubt;
      case 'class':
        return (a, b) => byText(a.answer, b.answer) || byDoubt(a, b);
      case 'site':
        return (a, b) => bySite(a, b) || byTime(a, b);
      case 'day':
        return (a, b) => byText(a.taken.slice(0, 10), b.taken.slice(0, 10)) || bySite(a, b) || byTime(a, b);
      case 'random':
        return (a, b) => a.lot - b.lot;
    }
  }
}

function listed(event: CameraEvent): Listed {
  const span = spanOf(event);
  const name = named(event, event.id);
  const { label, probability = 0 } = event.labels[0]!;
  return {
    event,
    name,
    site: event.season === undefined ? event.site : `${event.season} · ${event.site}`,
    taken: span === undefined ? '' : clockText(span.start),
    answer: label,
    probability,
    lot: lotOf(name),
  };
}

/** Of the name alone: sequences that come later are drawn among those that are there, and move none of them. */
function lotOf(id: string): number {
  return createHash('sha256').update(id).digest().readUIntBE(0, 6);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
