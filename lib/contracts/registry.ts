import type { RunInput } from './runInput';
import type { RunResult } from './run';
import type { ValidationSummary } from './steps';
import type { PairedDifference } from './validation';

/** A model that a finished run made, with everything it came from. */
export interface RegisteredModel {
  /** `m1`, `m2`, … in the order of registration. */
  readonly name: string;
  /** ISO 8601. */
  readonly registeredAt: string;
  /** Name of the catalog, as the registry tells it from others of that name; each catalog has a champion of its own. */
  readonly catalog: string;
  readonly run: { readonly workflowId: string; readonly runId: string };
  readonly input: RunInput;
  readonly trainSeasons: readonly string[];
  /** The scores are in `artifacts.validation.summary`. */
  readonly validationSeasons: readonly string[];
  readonly artifacts: Pick<
    RunResult,
    'catalog' | 'pick' | 'backbone' | 'model' | 'validation' | 'submission' | 'report'
  >;
  /** Program → version, of what trained it. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A challenger and a champion on the same held-out frames. */
export interface Comparison {
  readonly challenger: string;
  readonly champion: string;
  /** Key of the pick whose held-out frames both were scored on. */
  readonly pick: string;
  readonly challengerScore: ValidationSummary;
  readonly championScore: ValidationSummary;
  /** What the challenger has more, sequence by sequence. */
  readonly difference: PairedDifference;
  /** How often models were chosen by these held-out seasons before: each time, luck had a chance. */
  readonly earlierUses: number;
}

/** A change of champion. */
export interface Promotion {
  /** ISO 8601. */
  readonly at: string;
  readonly catalog: string;
  /** The champion from then on. */
  readonly model: string;
  /** The champion until then; absent for the first. */
  readonly replaced?: string;
  /**
   * `first`: the first model of its catalog; `score`: beat the champion on the same held-out frames; `person`: somebody
   * asked for it; `rollback`: somebody took a promotion back.
   */
  readonly how: 'first' | 'score' | 'person' | 'rollback';
  readonly reason: string;
  readonly comparison?: Comparison;
}

/** A challenger that did not become champion. */
export interface Defence {
  readonly at: string;
  readonly catalog: string;
  readonly challenger: string;
  /** The champion that stayed. */
  readonly champion: string;
  readonly reason: string;
  /** Absent where the two cannot be scored on the same frames. */
  readonly comparison?: Comparison;
}

/** What is settled between a new model and a champion. */
export type Settlement = Promotion | Defence;

/** A new model and the champion of its catalog: to be compared, unless that is settled already. */
export type Pairing =
  | { readonly settled: Settlement }
  | {
      readonly settled?: undefined;
      readonly challenger: RegisteredModel;
      readonly champion: RegisteredModel;
      /** What keeps the two from being scored on the same frames, in a sentence. */
      readonly obstacle?: string;
    };

/** What the registry says now. */
export interface RegistryState {
  /** In the order of registration. */
  readonly models: readonly RegisteredModel[];
  /** Catalog → name of its champion. */
  readonly champions: Readonly<Record<string, string>>;
  /** Catalog → the champions that a rollback would go back to, the latest last. */
  readonly formerChampions: Readonly<Record<string, readonly string[]>>;
  /** First to last. */
  readonly promotions: readonly Promotion[];
  readonly defences: readonly Defence[];
}

/** One entry of the registry's journal. */
export type RegistryEvent =
  | { readonly type: 'registered'; readonly model: RegisteredModel; readonly promotion?: Promotion }
  | { readonly type: 'promoted'; readonly promotion: Promotion }
  | { readonly type: 'defended'; readonly defence: Defence };
