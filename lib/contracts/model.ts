import type { BackboneName, TrainingOptions } from './runInput';

/**
 * How a photograph becomes the network's input. Written once: Node, `main.py` and `main.mjs` all follow it.
 * Decode → apply EXIF orientation → RGB → resize to `width`×`height`, ignoring the aspect ratio, with an area-averaging
 * filter → values 0–255. Scale and shift are part of the graph.
 */
export interface Preprocessing {
  readonly width: number;
  readonly height: number;
  readonly channels: 'RGB';
  readonly resize: 'stretch';
}

/** `model.json` of a model artifact: everything that inference needs beside the SavedModel. */
export interface ModelCard {
  readonly format: 1;
  readonly backbone: BackboneName;
  /** SHA-256 of the backbone's weights file. */
  readonly weightsSha256: string;
  readonly featureWidth: number;
  readonly preprocessing: Preprocessing;
  /** Order of the outputs. */
  readonly classes: readonly string[];
  readonly emptyClass: string;
  readonly output: TrainingOptions['output'];
  /** How the frames of a sequence become one prediction. */
  readonly pooling: TrainingOptions['pooling'];
  readonly framesPerSequence: 'first' | 'all' | number;
  /** Share of each class's training sequences that was kept; predictions are corrected by it. */
  readonly samplingRates: Readonly<Record<string, number>>;
  /** Class frequencies of the training seasons before sampling: what to predict when there is no photograph. */
  readonly priors: readonly number[];
  readonly trainSeasons: readonly string[];
  readonly signature: { readonly name: string; readonly input: string; readonly output: string };
}

/** One epoch of training: a row of `history.json`. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean training loss over the epoch, dropout active. */
  readonly loss: number;
  readonly accuracy: number;
  /** On the site-disjoint slice of the training seasons, when there is one. */
  readonly monitorLoss?: number;
  readonly monitorAccuracy?: number;
  readonly learningRate: number;
  readonly seconds: number;
}
