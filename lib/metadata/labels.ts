import type { Catalog } from '../contracts/catalog';
import { EMPTY_NAMES, normalizedLabel, UNDETERMINED_NAMES } from '../contracts/labelNames';

/**
 * What a raw label means: a class; `null`: a sequence that has it is left out; that nobody looked, or could tell; or
 * something that the catalog does not know.
 */
export type Meaning = { readonly className: string | null } | 'undetermined' | 'unknown';

/** Reads labels as the catalog wants: its classes and `classMapping`, both without regard to case. */
export class LabelMapping {
  readonly #meanings = new Map<string, string | null>();

  constructor({ classes, emptyClass, classMapping }: Pick<Catalog, 'classes' | 'emptyClass' | 'classMapping'>) {
    for (const name of EMPTY_NAMES) this.#meanings.set(name, emptyClass);
    for (const name of classes) this.#meanings.set(normalizedLabel(name), name);
    for (const [label, target] of Object.entries(classMapping)) this.#meanings.set(normalizedLabel(label), target);
  }

  meaning(label: string): Meaning {
    const name = normalizedLabel(label);
    const className = this.#meanings.get(name);
    if (className !== undefined) return { className };
    return UNDETERMINED_NAMES.includes(name) ? 'undetermined' : 'unknown';
  }
}

/**
 * The classes of a sequence from what its labels mean: sorted, each once; `empty` only where all labels say so. None, and
 * the sequence is left out, where one of them wants that or nothing is known.
 */
export function sequenceClasses(meanings: readonly Exclude<Meaning, 'unknown'>[], emptyClass: string): string[] {
  const determined = meanings.filter((meaning) => meaning !== 'undetermined');
  const classes = determined.flatMap(({ className }) => className ?? []);
  if (classes.length < determined.length) return [];
  const isAllEmpty = meanings.length === classes.length && classes.every((name) => name === emptyClass);
  return [...new Set(classes)].filter((name) => isAllEmpty || name !== emptyClass).sort();
}
