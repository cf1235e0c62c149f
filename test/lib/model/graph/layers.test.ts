import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { GraphBuilder, GraphLayers, TensorLayers, writeSavedModel } from '../../../../lib/model/graph';
import type { Layers, Parameter, Parameters } from '../../../../lib/model/graph';
import { tensorflow } from '../../../../lib/model/runtime';
import { temporaryFolder } from '../../../support/folders';

type Network = <T>(layers: Layers<T>, x: T) => T;

const range = (length: number) => Float32Array.from({ length }, (_, index) => index);
const parameter = (shape: readonly number[], values?: readonly number[]): Parameter => {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: values ? Float32Array.from(values) : range(size).map((value) => ((value * 7) % 11) / 4 - 1) };
};

/** Feature maps of two photographs, four rows, five columns, three channels: values from −4 up. */
const MAPS = [2, 4, 5, 3] as const;
const parameters: Parameters = new Map([
  ['conv/kernel', parameter([3, 3, 3, 2])],
  ['conv/bias', parameter([2])],
  ['deep/kernel', parameter([3, 3, 3, 1])],
  ['deep/bias', parameter([3])],
  ['bare/kernel', parameter([3, 3, 3, 1])],
  ['pair/depthwise/kernel', parameter([5, 5, 3, 1])],
  ['pair/pointwise/kernel', parameter([1, 1, 3, 4])],
  ['pair/pointwise/bias', parameter([4])],
  ['dense/kernel', parameter([3, 2])],
  ['dense/bias', parameter([2])],
]);

describe.each<[string, Network]>([
  ['normalise', (layers, x) => layers.normalise(x, 127, 1 / 128)],
  ['convolution', (layers, x) => layers.convolution(x, 'conv')],
  ['convolution with strides', (layers, x) => layers.convolution(x, 'conv', { strides: 2, activation: 'relu' })],
  ['convolution of single pixels', (layers, x) => layers.convolution(x, 'pair/pointwise', { strides: 2 })],
  [
    'convolution without padding',
    (layers, x) => layers.convolution(x, 'conv', { padding: 'VALID', activation: 'relu6' }),
  ],
  ['depthwise', (layers, x) => layers.depthwise(x, 'deep', { strides: 2, activation: 'relu6' })],
  ['depthwise without bias', (layers, x) => layers.depthwise(x, 'bare', { padding: 'VALID' })],
  ['separable', (layers, x) => layers.separable(x, 'pair', { strides: 2, activation: 'relu' })],
  ['relu', (layers, x) => layers.relu(x)],
  ['relu of a sum that is used again', (layers, x) => layers.add(layers.relu(layers.add(x, x)), layers.add(x, x))],
  ['add', (layers, x) => layers.add(x, layers.relu(x))],
  ['add with activation', (layers, x) => layers.add(x, x, 'relu6')],
  ['concatenate', (layers, x) => layers.concatenate(x, layers.relu(x), x)],
  ['maxPool', (layers, x) => layers.maxPool(x, { size: 3, strides: 2 })],
  ['maxPool without padding', (layers, x) => layers.maxPool(x, { size: 3, padding: 'VALID' })],
  ['averagePool', (layers, x) => layers.averagePool(x, { size: 3 })],
  ['averagePool without padding', (layers, x) => layers.averagePool(x, { size: 2, strides: 2, padding: 'VALID' })],
  ['zeroPad', (layers, x) => layers.zeroPad(x, { top: 1, right: 2 })],
  ['crop', (layers, x) => layers.crop(x, { top: 1, bottom: 1, left: 2 })],
  ['globalPool average', (layers, x) => layers.globalPool(x, 'average')],
  ['globalPool max', (layers, x) => layers.globalPool(x, 'max')],
  ['dense softmax', (layers, x) => layers.dense(layers.globalPool(x, 'average'), 'dense', 'softmax')],
  ['dense sigmoid', (layers, x) => layers.dense(layers.globalPool(x, 'max'), 'dense', 'sigmoid')],
  ['dense relu', (layers, x) => layers.dense(layers.globalPool(x, 'max'), 'dense', 'relu')],
])('%s', (_name, network) => {
  const folder = temporaryFolder();

  it('gives the same in a graph, at once, and in the shape that the graph announces', async () => {
    const input = range(120).map((value) => (value % 37) - 4);
    const { announced, values, shape } = await runGraph(network, input, folder());
    const expected = runTensors(network, input);
    expect(shape).toEqual(expected.shape);
    expect([-1, ...shape.slice(1)]).toEqual(announced);
    values.forEach((value, index) => expect(value).toBeCloseTo(expected.values[index]!, 4));
  });
});

describe('worked by hand', () => {
  const folder = temporaryFolder();
  const ROW = Float32Array.of(1, 2, 4);

  it.each<[string, Network, number[]]>([
    ['zeros around the edges do not count in averages', (l, x) => l.averagePool(x, { size: 3 }), [1.5, 7 / 3, 3]],
    [
      'zeros that were added do',
      (l, x) => l.averagePool(l.zeroPad(x, { left: 1, right: 1, top: 1, bottom: 1 }), { size: 3, padding: 'VALID' }),
      [3 / 9, 7 / 9, 6 / 9],
    ],
    ['windows are centred on every second place', (l, x) => l.maxPool(x, { size: 3, strides: 2 }), [2, 4]],
    ['pictures are centred, then scaled', (l, x) => l.normalise(x, 2, 1 / 2), [-0.5, 0, 1]],
    ['ReLU6 ends at six', (l, x) => l.convolution(x, 'triple', { activation: 'relu6' }), [3, 6, 6]],
  ])('%s', async (_name, network, expected) => {
    const triple: Parameters = new Map([
      ['triple/kernel', parameter([1, 1, 1, 1], [3])],
      ['triple/bias', parameter([1], [0])],
    ]);
    const { values } = await runGraph(network, ROW, folder(), [1, 1, 3, 1], triple);
    expected.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 6));
    expect(values).toHaveLength(expected.length);
  });
});

describe('a graph is refused', () => {
  const build = (network: Network, from: Parameters = parameters) => {
    const graph = new GraphBuilder();
    return () => network(new GraphLayers(graph, from), graph.placeholder('x', 'float32', [-1, 4, 5, 3]));
  };

  it('when a parameter is missing', () => {
    expect(build((l, x) => l.convolution(x, 'stem'))).toThrow('The parameter "stem/kernel" is missing');
    const noBias = new Map([...parameters].filter(([name]) => name !== 'conv/bias'));
    expect(build((l, x) => l.convolution(x, 'conv'), noBias)).toThrow('The parameter "conv/bias" is missing');
  });

  it('when a kernel does not fit what comes in', () => {
    expect(build((l, x) => l.convolution(l.concatenate(x, x), 'conv'))).toThrow('"conv" expects 3 channels, got 6');
    expect(build((l, x) => l.dense(l.globalPool(l.concatenate(x, x), 'max'), 'dense'))).toThrow(
      '"dense" expects 3 inputs, got 6',
    );
  });

  it('when maps of different sizes meet', () => {
    expect(build((l, x) => l.add(x, l.crop(x, { top: 1 })))).toThrow(
      '"x" [-1, 4, 5, 3] and "crop" [-1, 3, 5, 3] cannot be added',
    );
    expect(build((l, x) => l.concatenate(x, l.crop(x, { top: 1 })))).toThrow('"crop" expects 4 rows, got 3');
  });

  it('when a constant has not the values that its shape says', () => {
    const wrong = new Map([...parameters, ['conv/kernel', { shape: [3, 3, 3, 2], data: range(53) }] as const]);
    expect(build((l, x) => l.convolution(x, 'conv'), wrong)).toThrow(
      'The constant "conv/kernel" has 53 values for the shape [3, 3, 3, 2]',
    );
  });
});

it('gradients reach the parameters of every layer that has some', () => {
  const tf = tensorflow();
  tf.tidy(() => {
    const variables = new Map(
      [...parameters].map(([name, { shape, data }]) => [name, tf.variable(tf.tensor(data, [...shape]))]),
    );
    const layers = new TensorLayers(variables);
    const x = tf.tensor(range(120), [...MAPS]).div(100);
    const { grads } = tf.variableGrads(() => {
      const maps = [
        layers.convolution(x, 'conv'),
        layers.depthwise(x, 'deep'),
        layers.depthwise(x, 'bare'),
        layers.separable(x, 'pair'),
      ];
      const dense = layers.dense(layers.globalPool(layers.averagePool(x, { size: 3 }), 'max'), 'dense', 'sigmoid');
      return layers
        .globalPool(layers.concatenate(...maps), 'average')
        .sum()
        .add(dense.sum())
        .asScalar();
    });
    expect(Object.keys(grads)).toHaveLength(parameters.size);
    for (const gradient of Object.values(grads)) expect(gradient.abs().max().dataSync()[0]).toBeGreaterThan(0);
    for (const variable of variables.values()) variable.dispose();
  });
});

it('the gradient of a strided 1×1 convolution stays within its memory', () => {
  const tf = tensorflow();
  const kernel = tf.ones([1, 1, 8, 8]);
  const loss = (x: Tensor, weights: Tensor) => {
    const layers = new TensorLayers(
      new Map([
        ['c/kernel', weights],
        ['c/bias', tf.zeros([8])],
      ]),
    );
    return layers.convolution(x, 'c', { strides: 2 }).sum().asScalar();
  };
  for (let round = 0; round < 500; round++) {
    const photographs = [16, 8, 5, 16, 3, 1][round % 6]!;
    tf.tidy(() => {
      const [, ofKernel] = tf.grads(loss)([tf.ones([photographs, 12, 12, 8]), kernel]);
      expect(ofKernel!.dataSync()).toEqual(new Float32Array(64).fill(36 * photographs));
    });
  }
  kernel.dispose();
});

async function runGraph(
  network: Network,
  input: Float32Array,
  directory: string,
  shape: readonly number[] = MAPS,
  from: Parameters = parameters,
) {
  const graph = new GraphBuilder();
  const layers = new GraphLayers(graph, from);
  const x = graph.placeholder('x', 'float32', [-1, ...shape.slice(1)]);
  const output = layers.output(network(layers, x), 'y');
  await writeSavedModel(graph, { inputs: { x }, outputs: { y: output } }, directory);
  const tf = tensorflow();
  const model = await tf.node.loadSavedModel(directory);
  try {
    const y = tf.tidy(() => (model.predict({ x: tf.tensor(input, [...shape]) }) as Record<string, Tensor>)['y']!);
    const result = { announced: output.shape, shape: y.shape, values: y.dataSync<'float32'>() };
    y.dispose();
    return result;
  } finally {
    model.dispose();
  }
}

function runTensors(network: Network, input: Float32Array) {
  const tf = tensorflow();
  return tf.tidy(() => {
    const tensors = new Map([...parameters].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]));
    const y = network(new TensorLayers(tensors), tf.tensor(input, [...MAPS]));
    return { shape: y.shape, values: y.dataSync<'float32'>() };
  });
}
