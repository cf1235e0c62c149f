import type { Scale } from '../../../../../lib/model/metrics/estimate';
import { Random } from '../../../../../lib/model/random';

/** Values a sequence at sites of which each has a level of its own, and the mean that all sites of the kind have. */
export interface Simulated {
  readonly values: Float64Array;
  readonly sites: Uint32Array;
  readonly mean: number;
}

/** Draws what a model's figures look like over sites, again and again the same by seed. */
export class SimulatedSites {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /**
   * @param kind - `share`: right answers, 80 % on average, 40 % at some sites; `loss`: many small ones, few large;
   *   `difference`: of two equal models, heavy-tailed
   */
  draw(kind: Scale, siteCount: number): Simulated {
    const values: number[] = [];
    const sites: number[] = [];
    for (let site = 0; site < siteCount; site++) {
      // From a handful of sequences to a hundred: real sites differ as much.
      const size = Math.max(1, Math.round(Math.exp(2.5 + 0.9 * this.#normal())));
      const level = this.#level(kind);
      for (let sequence = 0; sequence < size; sequence++) {
        values.push(this.#value(kind, level));
        sites.push(site);
      }
    }
    return { values: Float64Array.from(values), sites: Uint32Array.from(sites), mean: MEANS[kind] };
  }

  #level(kind: Scale): number {
    if (kind === 'share') return 1 - this.#random.uniform() ** 4; // Beta(1, 1/4) turned round: mean 0.8
    if (kind === 'loss') return Math.exp(-2 + 0.6 * this.#normal());
    return 0.3 * this.#normal();
  }

  #value(kind: Scale, level: number): number {
    if (kind === 'share') return this.#random.uniform() < level ? 1 : 0;
    if (kind === 'loss') return level * this.#normal() ** 2;
    return level + this.#normal() ** 3;
  }

  /** Box and Muller. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random.uniform())) * Math.cos(2 * Math.PI * this.#random.uniform());
  }
}

const MEANS: Readonly<Record<Scale, number>> = { share: 0.8, loss: Math.exp(-2 + 0.6 ** 2 / 2), difference: 0 };
