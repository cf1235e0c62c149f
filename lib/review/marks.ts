import { answerOf, type ReviewRecord } from './mark';

/** What people say of one sequence, by their names: empty where they cannot tell. */
export type Opinions = ReadonlyMap<string, readonly string[]>;

/** What a sequence counts as, once somebody has looked at it. */
export type Finding =
  | { readonly state: 'agreed'; readonly labels: readonly string[] }
  | { readonly state: 'disputed' }
  /** Nobody could tell. */
  | { readonly state: 'undetermined' };

const NO_OPINIONS: Opinions = new Map();

/** The last word of each person on each sequence. */
export class Marks {
  readonly #bySequence = new Map<string, Map<string, readonly string[]>>();

  take({ sequence, by, labels }: ReviewRecord): void {
    const opinions = this.#bySequence.get(sequence) ?? new Map<string, readonly string[]>();
    if (labels === null) opinions.delete(by);
    else opinions.set(by, labels);
    if (opinions.size === 0) this.#bySequence.delete(sequence);
    else this.#bySequence.set(sequence, opinions);
  }

  of(sequence: string): Opinions {
    return this.#bySequence.get(sequence) ?? NO_OPINIONS;
  }

  all(): IterableIterator<readonly [sequence: string, opinions: Opinions]> {
    return this.#bySequence.entries();
  }
}

/** Who cannot tell contradicts nobody. @returns `undefined` where nobody has looked */
export function findingOf(opinions: Opinions): Finding | undefined {
  if (opinions.size === 0) return undefined;
  const [first, ...others] = [...opinions.values()].filter((labels) => labels.length > 0);
  if (first === undefined) return { state: 'undetermined' };
  return others.every((labels) => answerOf(labels) === answerOf(first))
    ? { state: 'agreed', labels: first }
    : { state: 'disputed' };
}
