import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Comparison,
  Promotion,
  RegisteredModel,
  RegistryEvent,
  RegistryState,
  Settlement,
} from '../contracts/registry';
import { SerengetiError } from '../contracts/errors';
import type { ValidationSummary } from '../contracts/steps';
import type { PairedDifference } from '../contracts/validation';
import { digestOf, type ArtifactStore, type Journal } from '../store';
import { settledBefore } from './settled';
import { catalogNamed, championOf, modelNamed, stateAfter } from './state';
import { judge, seasonsMore } from './verdict';

/** Each attempt means that another writer got ahead in the milliseconds between reading and writing. */
const ATTEMPTS = 50;

/** What a run hands over when it registers its model, with the catalog's own name: see {@link catalogNamed}. */
export type Candidate = Omit<RegisteredModel, 'name' | 'registeredAt'>;

/**
 * All models that finished runs made, which of them is the champion of its catalog, and how it became that. A journal in
 * the store: every writer decides on what it read, and its entry counts only if nothing was added since.
 */
export class Registry {
  readonly #journal: Journal;

  constructor(store: Pick<ArtifactStore, 'journal'>) {
    this.#journal = store.journal('registry');
  }

  /** @throws SerengetiError REGISTRY_INVALID */
  async state(): Promise<RegistryState> {
    return stateAfter(await this.#events());
  }

  /**
   * Adds a model. The first of its catalog becomes champion. One whose artifact is there already is not added again: the
   * same run made anew finds its first registration.
   */
  async register(candidate: Candidate): Promise<{ readonly name: string; readonly champion: boolean }> {
    const { key } = candidate.artifacts.model;
    const known = ({ models }: RegistryState): RegisteredModel | undefined =>
      models.find(({ artifacts }) => artifacts.model.key === key);
    const state = await this.#decide((before) => {
      if (known(before) !== undefined) return undefined;
      const model = {
        ...candidate,
        name: `m${before.models.length + 1}`,
        registeredAt: new Date().toISOString(),
        catalog: catalogNamed(before, candidate.catalog, candidate.input.catalog),
      };
      if (championOf(before, model.catalog) !== undefined) return { type: 'registered', model };
      const reason = `The first model of the catalog ${model.catalog}.`;
      return { type: 'registered', model, promotion: promotionOf(before, model, { how: 'first', reason }) };
    });
    const { name, catalog } = known(state)!;
    return { name, champion: state.champions[catalog] === name };
  }

  /**
   * Makes a model champion because a person wants it. One that is champion already stays so, without an entry.
   *
   * @throws SerengetiError MODEL_UNKNOWN
   */
  async promote(name: string, reason: string): Promise<RegisteredModel> {
    const state = await this.#decide((before) => {
      const model = modelNamed(before, name);
      if (championOf(before, model.catalog) === model) return undefined;
      return { type: 'promoted', promotion: promotionOf(before, model, { how: 'person', reason }) };
    });
    return modelNamed(state, name);
  }

  /**
   * Takes the last promotion of a catalog back: the champion before is champion again.
   *
   * @param expected - the champion that the caller saw; with another one there by now, nothing is taken back
   * @throws SerengetiError CHAMPION_MISSING when there is none to go back to
   */
  async rollback(catalog: string, reason: string, expected?: string): Promise<RegisteredModel> {
    const state = await this.#decide((before) => {
      const [current, previous] = [before.champions[catalog], before.formerChampions[catalog]?.at(-1)];
      if (expected !== undefined && current !== expected) return undefined;
      if (previous === undefined) {
        const champion = current === undefined ? 'has no champion' : `never had another champion than ${current}`;
        throw new SerengetiError('CHAMPION_MISSING', `The catalog "${catalog}" ${champion}.`, { details: { catalog } });
      }
      const model = modelNamed(before, previous);
      return { type: 'promoted', promotion: promotionOf(before, model, { how: 'rollback', reason }) };
    });
    return championOf(state, catalog)!;
  }

  /**
   * Settles whether a challenger replaces the champion that it was compared with, and books it.
   *
   * @returns `undefined` when another model became champion since: compare with that one
   * @throws SerengetiError MODEL_UNKNOWN
   */
  async settle({ challenger, champion, result }: Match): Promise<Settlement | undefined> {
    let outcome: Settlement | undefined;
    await this.#decide((before) => {
      const [model, holder] = [modelNamed(before, challenger), modelNamed(before, champion)];
      outcome = settledBefore(before, model);
      if (outcome !== undefined || before.champions[model.catalog] !== holder.name) return undefined;
      const event = settlement(before, model, holder, result);
      outcome = event.type === 'promoted' ? event.promotion : event.defence;
      return event;
    });
    return outcome;
  }

  async #events(): Promise<RegistryEvent[]> {
    return (await this.#journal.read()).map((text, position) => this.#parse(text, position));
  }

  #parse(text: string, position: number): RegistryEvent {
    const invalid = (problem: string, cause?: unknown): SerengetiError =>
      new SerengetiError('REGISTRY_INVALID', `${this.#journal.placeOf(position)} ${problem}`, {
        cause,
        details: { position },
      });
    let entry: RegistryEvent & { readonly digest: string };
    try {
      entry = Object(JSON.parse(text)) as typeof entry;
    } catch (error) {
      throw invalid(`is not JSON: ${(error as Error).message}`, error);
    }
    const { digest, ...event } = entry;
    if (digestOf({ position, event }) === digest) return event;
    throw invalid('is not the entry that was written there: its digest is another');
  }

  /** Adds what `event` makes of the state, which it is asked anew while others add something first. */
  async #decide(event: (before: RegistryState) => RegistryEvent | undefined): Promise<RegistryState> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const events = await this.#events();
      const next = event(stateAfter(events));
      if (next === undefined) return stateAfter(events);
      if (await this.#journal.append(events.length, entryText(next, events.length)))
        return stateAfter([...events, next]);
      await sleep(Math.random() * 20);
    }
    throw new SerengetiError('REGISTRY_BUSY', `The registry could not be written in ${ATTEMPTS} attempts`);
  }
}

/** How a challenger and a champion were compared. */
export interface Match {
  readonly challenger: string;
  readonly champion: string;
  /** The champion's on the challenger's held-out frames, or why it cannot be scored there, in a sentence. */
  readonly result:
    | { readonly championScore: ValidationSummary; readonly difference: PairedDifference }
    | { readonly obstacle: string };
}

function settlement(
  state: RegistryState,
  challenger: RegisteredModel,
  champion: RegisteredModel,
  result: Match['result'],
): Exclude<RegistryEvent, { type: 'registered' }> {
  const { pick, validation } = challenger.artifacts;
  const defence = {
    at: new Date().toISOString(),
    catalog: challenger.catalog,
    challenger: challenger.name,
    champion: champion.name,
  };
  if ('obstacle' in result) return { type: 'defended', defence: { ...defence, reason: result.obstacle } };
  const { championScore, difference } = result;
  const comparison: Comparison = {
    challenger: challenger.name,
    champion: champion.name,
    pick: pick.key,
    challengerScore: validation.summary,
    championScore,
    difference,
    earlierUses: usesOf(state, challenger),
  };
  const { promote, reason } = judge(comparison, challenger.input.promotion, seasonsMore(challenger, champion));
  if (!promote) return { type: 'defended', defence: { ...defence, reason, comparison } };
  return { type: 'promoted', promotion: promotionOf(state, challenger, { how: 'score', reason, comparison }) };
}

/** How many comparisons on these held-out seasons decided between models of the catalog. */
function usesOf(state: RegistryState, { catalog, validationSeasons }: RegisteredModel): number {
  return [...state.promotions, ...state.defences].filter(
    ({ catalog: where, comparison }) =>
      where === catalog &&
      comparison !== undefined &&
      modelNamed(state, comparison.challenger).validationSeasons.some((season) => validationSeasons.includes(season)),
  ).length;
}

function promotionOf(
  { champions }: RegistryState,
  { name, catalog }: RegisteredModel,
  facts: Pick<Promotion, 'how' | 'reason' | 'comparison'>,
): Promotion {
  const replaced = champions[catalog];
  return {
    at: new Date().toISOString(),
    catalog,
    model: name,
    ...(replaced === undefined ? {} : { replaced }),
    ...facts,
  };
}

/** An entry of the journal, with a digest of what it says and where: one that changed, or is at another place, is found. */
function entryText(event: RegistryEvent, position: number): string {
  return `${JSON.stringify({ ...event, digest: digestOf({ position, event }) })}\n`;
}
