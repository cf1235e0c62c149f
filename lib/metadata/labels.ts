import type { Catalog } from '../contracts/catalog';

/** What a raw label means: a class, nothing (`null`: it is left out), or something that the catalog does not know. */
export type Meaning = { readonly className: string | null } | 'unknown';

/**
 * Names for a photograph without animals in the formats that are read; they stand for the catalog's `emptyClass` unless
 * the catalog says otherwise.
 */
const EMPTY_NAMES = ['blank', 'empty'];

/** Reads labels as the catalog wants: its classes and `classMapping`, both without regard to case. */
export class LabelMapping {
  readonly #meanings = new Map<string, string | null>();

  constructor({ classes, emptyClass, classMapping }: Pick<Catalog, 'classes' | 'emptyClass' | 'classMapping'>) {
    for (const name of EMPTY_NAMES) this.#meanings.set(name, emptyClass);
    for (const name of classes) this.#meanings.set(normalized(name), name);
    for (const [label, target] of Object.entries(classMapping)) this.#meanings.set(normalized(label), target);
  }

  meaning(label: string): Meaning {
    const className = this.#meanings.get(normalized(label));
    return className === undefined ? 'unknown' : { className };
  }
}

/** The classes of a sequence from those of its labels: sorted, each once; `empty` only where nothing else was seen. */
export function sequenceClasses(classes: readonly string[], emptyClass: string): string[] {
  const distinct = [...new Set(classes)].sort();
  return distinct.length > 1 ? distinct.filter((name) => name !== emptyClass) : distinct;
}

function normalized(label: string): string {
  return label.trim().toLowerCase();
}
