import type { BackboneName } from '../../contracts/backbone';
import type { Layers, Parameters } from '../graph';
import type { WeightSet } from '../weights';

export type Pooling = 'average' | 'max';

/** A published network without its classifier: photographs in, RGB of 0–255 and of any size, feature maps out. */
export interface Backbone {
  readonly name: BackboneName;
  /** Channels of the feature maps: length of a pooled feature vector. */
  readonly featureWidth: number;
  readonly defaultPooling: Pooling;
  readonly source: WeightsSource;
  /** The network from photographs to feature maps, cut where it can be: fine-tuning freezes the stages before a cut. */
  readonly stages: readonly Stage[];
  /**
   * The values of all layers, batch norms folded in.
   *
   * @throws SerengetiError WEIGHTS_INVALID when the file is another network's.
   */
  parameters(weights: WeightSet): Parameters;
}

/** What flows between the parts of a network: the feature maps of the last part, and of the one before if they count. */
export type State<T> = readonly [last: T, beforeLast?: T];

/** A part of a network. */
export interface Stage {
  /** Names of the stage's layers begin with it and a slash. */
  readonly name: string;
  run<T>(layers: Layers<T>, state: State<T>): State<T>;
}

/** Where published weights come from. */
export interface WeightsSource {
  /** As it is kept here. */
  readonly file: string;
  readonly bytes: number;
  readonly digest: { readonly algorithm: 'sha256' | 'md5'; readonly hex: string };
  /** SHA-256 of the file as it was published, where set-up turned it into another format. */
  readonly publishedSha256?: string;
  /** Fetched on first use; without an address, set-up brings the file. */
  readonly url?: string;
  readonly licence: string;
}

/** Runs all stages of a network on photographs. */
export function buildBackbone<T>({ stages }: Backbone, layers: Layers<T>, images: T): T {
  return runStages(stages, layers, [images])[0];
}

/** Runs stages that follow each other. */
export function runStages<T>(stages: readonly Stage[], layers: Layers<T>, state: State<T>): State<T> {
  return stages.reduce((reached, stage) => stage.run(layers, reached), state);
}
