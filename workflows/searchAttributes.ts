import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../lib/contracts/searchAttributes';

export type AttributeValues = Partial<Record<SearchAttributeName, string | number | string[]>>;

/** Sets the search attributes of a workflow: those that its namespace has, and only when they change. */
export class Attributes {
  readonly #available: readonly SearchAttributeName[];
  readonly #set = new Map<SearchAttributeName, string>();

  constructor(available: readonly SearchAttributeName[]) {
    this.#available = available;
  }

  set(values: AttributeValues): void {
    const changed = (Object.entries(values) as [SearchAttributeName, string | number | string[]][]).filter(
      ([name, value]) => this.#available.includes(name) && this.#set.get(name) !== JSON.stringify(value),
    );
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
