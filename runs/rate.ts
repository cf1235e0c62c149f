/** Units a second over the last while, from samples of a growing count. */
export class Rate {
  readonly #samples: { readonly time: number; readonly count: number }[] = [];
  readonly #window: number;

  /** @param window - seconds looked back */
  constructor(window = 15) {
    this.#window = window * 1000;
  }

  add(count: number, time: number): void {
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
