/** Units a second over the last while, from samples of a growing count. */
export class Rate {
  #samples: { readonly time: number; readonly count: number }[] = [];
  readonly #window: number;

  /** @param window - seconds looked back */
  constructor(window = 15) {
    this.#window = window * 1000;
  }

  /**
   * @param found - units of the count that took no work since the last sample: they were there. A count that falls, as
   * when a worker died, begins anew.
   */
  add(count: number, time: number, found = 0): void {
    this.#samples = this.#samples.map((sample) => ({ ...sample, count: sample.count + found }));
    if (count < (this.#samples.at(-1)?.count ?? 0)) this.#samples = [];
    this.#samples.push({ time, count });
    while (this.#samples.length > 2 && time - this.#samples[0]!.time > this.#window) this.#samples.shift();
  }

  /** `undefined` until there is something to measure. */
  perSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.time === first.time || last.count <= first.count)
      return undefined;
    return (1000 * (last.count - first.count)) / (last.time - first.time);
  }
}
