import type { Catalog } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import type { RegisteredModel } from '../contracts/registry';
import type { HeldOutPolicy, RetrainInput, RetrainPlan } from '../contracts/retrain';
import { chooseSeasons } from '../seasons';

export interface PlanRequest extends Pick<RetrainInput, 'heldOut' | 'run'> {
  readonly catalog: Catalog;
  /** Where the catalog is, as the run shall read it. */
  readonly where: string;
  /** Seasons that are known or published whole. */
  readonly available: readonly string[];
  readonly champion?: RegisteredModel | undefined;
}

/**
 * The run that takes new seasons in: on all seasons that are available, less those held out by policy. Its options are the
 * champion's unless others are asked for; old features are found by their keys.
 *
 * @throws SerengetiError SEASON_UNKNOWN for a held-out season that the catalog does not have
 */
export function planRetraining({ catalog, where, available, heldOut, run, champion }: PlanRequest): RetrainPlan {
  const seasons = catalog.seasons.map(({ id }) => id).filter((id) => available.includes(id));
  const validationSeasons = heldOutSeasons(catalog, seasons, heldOut, champion);
  const missing = validationSeasons.filter((season) => !seasons.includes(season));
  if (missing.length > 0) return { obstacle: `Held-out ${missing.join(', ')}: not published whole yet.` };
  const trainSeasons = seasons.filter((season) => !validationSeasons.includes(season));
  if (trainSeasons.length === 0) {
    return { obstacle: `Of ${seasons.join(', ') || 'no season'} none is left to train on beside those held out.` };
  }
  return {
    request: {
      ...(run ?? champion?.input),
      catalog: where,
      trainSeasons,
      validationSeasons: [...validationSeasons],
      // What somebody had done anew once is not to be done anew at every look.
      force: [],
    },
  };
}

function heldOutSeasons(
  catalog: Catalog,
  available: readonly string[],
  policy: HeldOutPolicy,
  champion: RegisteredModel | undefined,
): readonly string[] {
  if (policy.policy === 'newest') return available.slice(-policy.count);
  const wanted = policy.seasons ?? champion?.validationSeasons;
  if (wanted === undefined) return chooseSeasons(catalog).validation;
  const known = catalog.seasons.map(({ id }) => id);
  const unknown = wanted.filter((season) => !known.includes(season));
  if (unknown.length === 0) return wanted;
  throw new SerengetiError(
    'SEASON_UNKNOWN',
    `Held-out ${unknown.join(', ')}: the catalog "${catalog.name}" has only ${known.join(', ')}.`,
    { details: { seasons: unknown } },
  );
}
