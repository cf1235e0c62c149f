/** `SAME`: the output has ⌈size / stride⌉ places, zeros (or nothing, in pooling) around the edges. `VALID`: no padding. */
export type Padding = 'SAME' | 'VALID';

export type Activation = 'linear' | 'relu' | 'relu6' | 'softmax' | 'sigmoid';

export interface ConvolutionOptions {
  /** Step in both directions. @default 1 */
  readonly strides?: number;
  /** @default 'SAME' */
  readonly padding?: Padding;
  /** @default 'linear' */
  readonly activation?: Activation;
}

export interface PoolingOptions extends Pick<ConvolutionOptions, 'strides' | 'padding'> {
  /** Side of the window. */
  readonly size: number;
}

/** What is added at (or cut from) the edges of a feature map, in places. */
export interface Margins {
  readonly top?: number;
  readonly bottom?: number;
  readonly left?: number;
  readonly right?: number;
}

/**
 * The vocabulary that networks are written in. A network is a function of its layers, so the same page describes a
 * frozen graph and a network that runs, or learns, at once.
 *
 * Feature maps are [batch, height, width, channels]. Layers with weights find them by name: `<name>/kernel` and
 * `<name>/bias`, batch norm already folded in.
 *
 * @typeParam T - what layers take and give: a node's output, a tensor.
 */
export interface Layers<T> {
  /** Places of a feature map. */
  sizeOf(x: T): { readonly height: number; readonly width: number };
  /** (x − offset) × scale on pictures of 0–255, with one scale and offset for all channels; gives float32. */
  normalise(images: T, offset: number, scale: number): T;
  /** Kernel [height, width, channels in, channels out]. */
  convolution(x: T, name: string, options?: ConvolutionOptions): T;
  /** One kernel a channel: [height, width, channels, 1]. The bias is optional. */
  depthwise(x: T, name: string, options?: ConvolutionOptions): T;
  /** `<name>/depthwise`, then `<name>/pointwise`, a 1×1 convolution. */
  separable(x: T, name: string, options?: ConvolutionOptions): T;
  relu(x: T): T;
  add(a: T, b: T, activation?: Activation): T;
  /** Along the channels. */
  concatenate(...parts: T[]): T;
  maxPool(x: T, options: PoolingOptions): T;
  /** Zeros around the edges do not count. */
  averagePool(x: T, options: PoolingOptions): T;
  zeroPad(x: T, margins: Margins): T;
  crop(x: T, margins: Margins): T;
  /** [batch, height, width, channels] → [batch, channels]. */
  globalPool(x: T, kind: 'average' | 'max'): T;
  /** Kernel [width in, width out]; x is [batch, width in]. */
  dense(x: T, name: string, activation?: Activation): T;
}

/** Values of a layer, as the graph takes them: batch norm folded in, TensorFlow's axis order. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** `<layer>/kernel`, `<layer>/bias`. */
export type Parameters = ReadonlyMap<string, Parameter>;
