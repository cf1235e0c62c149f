import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../lib/contracts/searchAttributes';

/** The server ends a workflow that sets a longer value. */
const MOST_BYTES = 2048;

export type AttributeValues = Partial<Record<SearchAttributeName, string | number | string[]>>;

/** Sets the search attributes of a workflow: those that its namespace has, and only when they change. */
export class Attributes {
  readonly #available: readonly SearchAttributeName[];
  readonly #set = new Map<SearchAttributeName, string>();

  constructor(available: readonly SearchAttributeName[]) {
    this.#available = available;
  }

  set(values: AttributeValues): void {
    const changed = (Object.entries(values) as [SearchAttributeName, string | number | string[]][])
      .map(([name, value]) => [name, Array.isArray(value) ? fittingList(value) : value] as const)
      .filter(([name, value]) => this.#available.includes(name) && this.#set.get(name) !== JSON.stringify(value));
    if (changed.length === 0) return;
    for (const [name, value] of changed) this.#set.set(name, JSON.stringify(value));
    upsertSearchAttributes(
      changed.map(
        ([name, value]) =>
          // The table pairs names with types; TypeScript cannot follow it into the generic pair.
          ({ key: defineSearchAttributeKey(name, SEARCH_ATTRIBUTES[name]), value }) as SearchAttributeUpdatePair,
      ),
    );
  }
}

/** As many of the texts as the server takes; then a last one says how many are left out. */
export function fittingList(texts: readonly string[]): string[] {
  for (let kept = texts.length; ; kept--) {
    const left = texts.length - kept;
    const list = left === 0 ? [...texts] : [...texts.slice(0, kept), `and ${left} more`];
    if (new TextEncoder().encode(JSON.stringify(list)).length <= MOST_BYTES) return list;
  }
}
