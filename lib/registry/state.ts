import { fileURLToPath } from 'node:url';
import type { Promotion, RegisteredModel, RegistryEvent, RegistryState } from '../contracts/registry';
import { SerengetiError } from '../contracts/errors';
import { digestOf } from '../store';

/** What the events amount to, applied in their order. */
export function stateAfter(events: readonly RegistryEvent[]): RegistryState {
  return events.reduce(apply, {
    models: [],
    champions: {},
    formerChampions: {},
    promotions: [],
    defences: [],
  });
}

function apply(state: RegistryState, event: RegistryEvent): RegistryState {
  switch (event.type) {
    case 'registered': {
      const registered = { ...state, models: [...state.models, event.model] };
      return event.promotion === undefined ? registered : crown(registered, event.promotion);
    }
    case 'promoted':
      return crown(state, event.promotion);
    case 'defended':
      return { ...state, defences: [...state.defences, event.defence] };
  }
}

/** A rollback forgets the champion it takes back, so that the next one goes further back. */
function crown(state: RegistryState, promotion: Promotion): RegistryState {
  const { catalog, model, how, replaced } = promotion;
  const former = state.formerChampions[catalog] ?? [];
  return {
    ...state,
    promotions: [...state.promotions, promotion],
    champions: { ...state.champions, [catalog]: model },
    formerChampions: {
      ...state.formerChampions,
      [catalog]: how === 'rollback' ? former.slice(0, -1) : [...former, ...(replaced === undefined ? [] : [replaced])],
    },
  };
}

/**
 * What the registry calls a catalog: its name, with digits of its place where a catalog at another place has that name
 * already. Models of two reserves do not compete because both call their catalog `reserve`.
 *
 * @param place - as the input of a run names it
 */
export function catalogNamed({ models }: Pick<RegistryState, 'models'>, name: string, place: string): string {
  const first = models.find(({ catalog }) => catalog === name);
  const own = plainPlace(place);
  return first === undefined || plainPlace(first.input.catalog) === own ? name : `${name}-${digestOf(own).slice(0, 6)}`;
}

/** A file has one place, as a path or as an address; a query has what lets a reader in, and that changes. */
function plainPlace(place: string): string {
  if (place.startsWith('file://')) return fileURLToPath(place);
  return place.includes('://') ? place.split('?')[0]! : place;
}

export function championOf(state: RegistryState, catalog: string): RegisteredModel | undefined {
  const name = state.champions[catalog];
  return state.models.find((model) => model.name === name);
}

/** How a model stands among those of its catalog. */
export function standingIn(
  { champions, formerChampions }: RegistryState,
  { name, catalog }: RegisteredModel,
): 'champion' | 'former champion' | 'challenger' {
  if (champions[catalog] === name) return 'champion';
  return formerChampions[catalog]?.includes(name) === true ? 'former champion' : 'challenger';
}

/**
 * The model of a name (`m3`) or of the first digits, at least six, of its artifact's key.
 *
 * @throws SerengetiError MODEL_UNKNOWN
 */
export function modelNamed({ models }: RegistryState, name: string): RegisteredModel {
  const byKey = /^[0-9a-f]{6,64}$/.test(name)
    ? models.filter(({ artifacts }) => artifacts.model.key.startsWith(name))
    : [];
  const found = models.find((model) => model.name === name) ?? (byKey.length === 1 ? byKey[0] : undefined);
  if (found !== undefined) return found;
  const known = models.map((model) => model.name).join(', ');
  throw new SerengetiError(
    'MODEL_UNKNOWN',
    byKey.length > 1
      ? `Keys of ${byKey.length} models begin with "${name}": ${byKey.map((model) => model.name).join(', ')}.`
      : `There is no model "${name}" in the registry; it has ${known === '' ? 'none' : known}.`,
    { details: { name } },
  );
}

/**
 * The seasons that a catalog's champion knows: those it was trained or validated on, and those that were tried against it
 * in vain or taken back by a person. None where there is no champion.
 */
export function knownSeasons(state: RegistryState, catalog: string): string[] {
  const champion = championOf(state, catalog);
  if (champion === undefined) return [];
  const defended = state.defences.flatMap((defence) =>
    defence.champion === champion.name ? [defence.challenger] : [],
  );
  const takenBack = state.promotions.flatMap(({ how, model, replaced }) =>
    how === 'rollback' && model === champion.name && replaced !== undefined ? [replaced] : [],
  );
  const tried = [...defended, ...takenBack].map((name) => modelNamed(state, name));
  return [
    ...new Set(
      [champion, ...tried].flatMap(({ trainSeasons, validationSeasons }) => [...trainSeasons, ...validationSeasons]),
    ),
  ];
}
