import { z } from 'zod';
import type { Judgement, Registration } from './judgement';
import { runInputFields, type RunRequest } from './runInput';

/** Which seasons a retrained model is judged on; no season is ever on both sides. */
const heldOutSchema = z.discriminatedUnion('policy', [
  z.strictObject({
    /** The same seasons every time: scores of all models can be compared. */
    policy: z.literal('fixed'),
    /** @default those of the champion, else those that the catalog proposes */
    seasons: z.array(z.string().min(1)).min(1).max(500).optional(),
  }),
  z.strictObject({
    /** The last seasons in the catalog's order: the model is judged by what is most like the season to come. */
    policy: z.literal('newest'),
    /** How many. @default 1 */
    count: z.int().min(1).max(100).default(1),
  }),
]);

/** Input of `retrainOnNewSeasons`: one JSON object, valid when empty. */
export const retrainInputSchema = z.strictObject({
  /** `sample`, `lila`, or the path or address of a catalog file. @default 'sample' */
  catalog: z.string().min(1).max(2000).default('sample'),
  /** @default { "policy": "fixed" } */
  heldOut: heldOutSchema.prefault({ policy: 'fixed' }),
  /**
   * Seconds between the two looks at a new season. One whose files are missing, or changed between them, is still being
   * published: it is left for the next time.
   * @default 600
   */
  settleSeconds: z.number().min(0).max(86_400).default(600),
  /** Options of the training run. @default those that the champion was trained with */
  run: runInputFields
    .omit({ catalog: true, trainSeasons: true, validationSeasons: true, force: true, dryRun: true })
    .optional(),
});

export type RetrainRequest = z.input<typeof retrainInputSchema>;
export type RetrainInput = z.output<typeof retrainInputSchema>;
export type HeldOutPolicy = RetrainInput['heldOut'];

/** What a catalog has, beside what its champion knows. */
export interface Survey {
  /** Name of the catalog in the registry. */
  readonly catalog: string;
  /** All its seasons, in its order. */
  readonly seasons: readonly string[];
  /** Those among them that the champion knows, or that were tried against it. */
  readonly known: readonly string[];
  readonly champion?: string;
}

/** A new season at one time, and what that says beside the look before. */
export interface SeasonLook {
  readonly season: string;
  /** Of its archives and metadata, as far as they are there. */
  readonly bytes: number;
  /** Digest of what the mirrors say of all its files; empty where files are missing. */
  readonly version: string;
  /** Why the season has to wait, in a sentence; absent when it is published whole. */
  readonly waits?: string;
}

/** What to train, or why nothing can be trained yet. */
export type RetrainPlan =
  | { readonly request: RunRequest; readonly obstacle?: undefined }
  | { readonly request?: undefined; readonly obstacle: string };

/** Result of `retrainOnNewSeasons`. */
export interface RetrainResult {
  /**
   * `nothing new`: the champion knows all seasons; `waiting`: new seasons are not published whole yet; `promoted`: the new
   * model is champion; `kept`: it is registered, and the champion stays.
   */
  readonly outcome: 'nothing new' | 'waiting' | 'promoted' | 'kept';
  /** A sentence. */
  readonly reason: string;
  readonly catalog: string;
  /** Seasons that the new model learned from or was judged on and the champion before did not know. */
  readonly newSeasons: readonly string[];
  /** Seasons that are left for the next time, each with the reason. */
  readonly waiting: readonly { readonly season: string; readonly reason: string }[];
  /** The champion now. */
  readonly champion?: string;
  /** The new model. */
  readonly challenger?: Registration['name'];
  /** Workflow id of the training run. */
  readonly run?: string;
  /** Log losses on the same held-out frames. */
  readonly logLoss?: Judgement['logLoss'];
}
