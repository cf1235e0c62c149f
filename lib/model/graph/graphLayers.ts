import { SerengetiError } from '../../contracts/errors';
import { attribute } from './attributes';
import type { GraphBuilder, NodeOptions, GraphTensor } from './graphBuilder';
import type { Activation, ConvolutionOptions, Layers, Margins, Parameters, PoolingOptions } from './layers';
import type { Padding } from './layers';

const ACTIVATION_OPS = { relu: 'Relu', relu6: 'Relu6', softmax: 'Softmax', sigmoid: 'Sigmoid' } as const;
const FLOAT = { T: attribute.type('float32') };

/**
 * Writes layers as nodes of a graph.
 *
 * Convolutions come out as Conv2D → BiasAdd → activation, the pattern that TensorFlow's optimiser runs as one kernel.
 *
 * @throws SerengetiError MODEL_INVALID where a parameter is missing or does not fit its input.
 */
export class GraphLayers implements Layers<GraphTensor> {
  readonly #graph: GraphBuilder;
  readonly #parameters: Parameters;
  readonly #sums = new Set<GraphTensor>();

  constructor(graph: GraphBuilder, parameters: Parameters) {
    this.#graph = graph;
    this.#parameters = parameters;
  }

  sizeOf({ shape: [, height = 0, width = 0] }: GraphTensor): { height: number; width: number } {
    return { height, width };
  }

  normalise(images: GraphTensor, offset: number, scale: number): GraphTensor {
    const floats = this.#graph.node('Cast', 'normalise/cast', {
      inputs: [images],
      attributes: { SrcT: attribute.type(images.type), DstT: attribute.type('float32') },
      type: 'float32',
      shape: images.shape,
    });
    const offsetNode = this.#graph.constant('normalise/offset', Float32Array.of(offset), []);
    const scaleNode = this.#graph.constant('normalise/scale', Float32Array.of(scale), []);
    const centred = this.#node('Sub', 'normalise/centred', [floats, offsetNode], images.shape);
    return this.#node('Mul', 'normalise/scaled', [centred, scaleNode], images.shape);
  }

  convolution(x: GraphTensor, name: string, options: ConvolutionOptions = {}): GraphTensor {
    const kernel = this.#parameter(`${name}/kernel`);
    const [height = 0, width = 0, channelsIn = 0, channelsOut = 0] = kernel.shape;
    expectSize(name, 'channels', channelsIn, x.shape[3]);
    const shape = slide(x.shape, [height, width], options, channelsOut);
    const sums = this.#node('Conv2D', name, [x, kernel], shape, steps(options));
    return this.#activate(this.#addBias(sums, name), options.activation);
  }

  depthwise(x: GraphTensor, name: string, options: ConvolutionOptions = {}): GraphTensor {
    const kernel = this.#parameter(`${name}/kernel`);
    const [height = 0, width = 0, channels = 0, multiplier = 0] = kernel.shape;
    expectSize(name, 'channels', channels, x.shape[3]);
    expectSize(name, 'kernels a channel', multiplier, 1);
    const shape = slide(x.shape, [height, width], options, channels);
    const sums = this.#node('DepthwiseConv2dNative', name, [x, kernel], shape, steps(options));
    const biased = this.#parameters.has(`${name}/bias`) ? this.#addBias(sums, name) : sums;
    return this.#activate(biased, options.activation);
  }

  separable(x: GraphTensor, name: string, { activation, ...options }: ConvolutionOptions = {}): GraphTensor {
    return this.convolution(this.depthwise(x, `${name}/depthwise`, options), `${name}/pointwise`, { activation });
  }

  relu(x: GraphTensor): GraphTensor {
    if (!this.#sums.has(x)) return this.#activate(x, 'relu');
    // Others need the sum as well, else it would have been added with the activation. TensorFlow 2.21 runs
    // convolution → Add → Relu as one kernel all the same, finds the sum missing, and gives up on the whole graph. It
    // does not look for Maximum.
    const zero = this.#graph.constant('relu/zero', Float32Array.of(0), []);
    return this.#node('Maximum', 'relu', [x, zero], x.shape);
  }

  add(a: GraphTensor, b: GraphTensor, activation?: Activation): GraphTensor {
    if (a.shape.some((size, axis) => size !== b.shape[axis])) {
      throw misfit(`"${a.name}" [${a.shape.join(', ')}] and "${b.name}" [${b.shape.join(', ')}] cannot be added`);
    }
    const sum = this.#node('Add', 'add', [a, b], a.shape);
    this.#sums.add(sum);
    return this.#activate(sum, activation);
  }

  concatenate(...parts: GraphTensor[]): GraphTensor {
    const first = parts[0];
    if (first === undefined) throw misfit('Nothing to concatenate');
    for (const part of parts) expectSize(part.name, 'rows', first.shape[1], part.shape[1]);
    const channels = parts.reduce((sum, part) => sum + (part.shape[3] ?? 0), 0);
    const axis = this.#graph.constant('concatenate/axis', Int32Array.of(3), []);
    return this.#node('ConcatV2', 'concatenate', [...parts, axis], [...first.shape.slice(0, 3), channels], {
      N: attribute.integer(parts.length),
      Tidx: attribute.type('int32'),
    });
  }

  maxPool(x: GraphTensor, options: PoolingOptions): GraphTensor {
    return this.#pool('MaxPool', 'max_pool', x, options);
  }

  averagePool(x: GraphTensor, options: PoolingOptions): GraphTensor {
    return this.#pool('AvgPool', 'average_pool', x, options);
  }

  zeroPad(x: GraphTensor, margins: Margins): GraphTensor {
    const { top, bottom, left, right } = sides(margins);
    const [batch = -1, height = 0, width = 0, channels = 0] = x.shape;
    const paddings = this.#graph.constant(
      'zero_pad/paddings',
      Int32Array.of(0, 0, top, bottom, left, right, 0, 0),
      [4, 2],
    );
    const shape = [batch, height + top + bottom, width + left + right, channels];
    return this.#node('Pad', 'zero_pad', [x, paddings], shape, { Tpaddings: attribute.type('int32') });
  }

  crop(x: GraphTensor, margins: Margins): GraphTensor {
    const { top, bottom, left, right } = sides(margins);
    const [batch = -1, height = 0, width = 0, channels = 0] = x.shape;
    const size = [height - top - bottom, width - left - right] as const;
    const begin = this.#graph.constant('crop/begin', Int32Array.of(0, top, left, 0), [4]);
    const lengths = this.#graph.constant('crop/size', Int32Array.of(-1, ...size, channels), [4]);
    return this.#node('Slice', 'crop', [x, begin, lengths], [batch, ...size, channels], {
      Index: attribute.type('int32'),
    });
  }

  globalPool(x: GraphTensor, kind: 'average' | 'max'): GraphTensor {
    const [batch = -1, , , channels = 0] = x.shape;
    const axes = this.#graph.constant('global_pool/axes', Int32Array.of(1, 2), [2]);
    const op = kind === 'average' ? 'Mean' : 'Max';
    return this.#node(op, 'global_pool', [x, axes], [batch, channels], { Tidx: attribute.type('int32') });
  }

  dense(x: GraphTensor, name: string, activation?: Activation): GraphTensor {
    const kernel = this.#parameter(`${name}/kernel`);
    const [widthIn = 0, widthOut = 0] = kernel.shape;
    expectSize(name, 'inputs', widthIn, x.shape[1]);
    const products = this.#node('MatMul', name, [x, kernel], [x.shape[0] ?? -1, widthOut]);
    return this.#activate(this.#addBias(products, name), activation);
  }

  /** Gives the graph an output of this name: outputs are fetched by their node's. */
  output(x: GraphTensor, name: string): GraphTensor {
    return this.#node('Identity', name, [x], x.shape);
  }

  #pool(op: string, name: string, x: GraphTensor, options: PoolingOptions): GraphTensor {
    const shape = slide(x.shape, [options.size, options.size], options, x.shape[3] ?? 0);
    return this.#node(op, name, [x], shape, {
      ksize: attribute.integers([1, options.size, options.size, 1]),
      ...steps(options),
    });
  }

  #addBias(x: GraphTensor, name: string): GraphTensor {
    const bias = this.#parameter(`${name}/bias`);
    expectSize(name, 'biases', bias.shape[0], x.shape.at(-1));
    return this.#node('BiasAdd', `${name}/biased`, [x, bias], x.shape);
  }

  #activate(x: GraphTensor, activation: Activation = 'linear'): GraphTensor {
    if (activation === 'linear') return x;
    return this.#node(ACTIVATION_OPS[activation], activation, [x], x.shape);
  }

  #node(
    op: string,
    name: string,
    inputs: readonly GraphTensor[],
    shape: readonly number[],
    attributes: NodeOptions['attributes'] = {},
  ): GraphTensor {
    return this.#graph.node(op, name, { inputs, shape, type: 'float32', attributes: { ...FLOAT, ...attributes } });
  }

  #parameter(name: string): GraphTensor {
    const parameter = this.#parameters.get(name);
    if (parameter === undefined) throw misfit(`The parameter "${name}" is missing`);
    return this.#graph.constant(name, parameter.data, parameter.shape);
  }
}

function steps({ strides = 1, padding = 'SAME' }: ConvolutionOptions) {
  return { strides: attribute.integers([1, strides, strides, 1]), padding: attribute.text(padding) };
}

/** Shape after a window of `size` went over the feature map. */
function slide(
  [batch = -1, height = 0, width = 0]: readonly number[],
  size: readonly [height: number, width: number],
  { strides = 1, padding = 'SAME' }: { readonly strides?: number; readonly padding?: Padding },
  channels: number,
): number[] {
  const places = (length: number, window: number) =>
    Math.ceil((padding === 'SAME' ? length : length - window + 1) / strides);
  return [batch, places(height, size[0]), places(width, size[1]), channels];
}

function sides({ top = 0, bottom = 0, left = 0, right = 0 }: Margins): Required<Margins> {
  return { top, bottom, left, right };
}

function expectSize(name: string, what: string, expected: number | undefined, actual: number | undefined): void {
  if (expected !== actual) throw misfit(`"${name}" expects ${expected} ${what}, got ${actual}`);
}

function misfit(message: string): SerengetiError {
  return new SerengetiError('MODEL_INVALID', message);
}
