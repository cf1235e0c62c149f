import { runtimeInfo, tensorflow } from '../../../lib/model/runtime';

describe('tensorflow', () => {
  it('is the pinned TensorFlow library, loaded once', () => {
    expect(runtimeInfo().version).toBe('2.21.0');
    expect(tensorflow()).toBe(tensorflow());
  });

  it('says where it runs', () => {
    const { device, gpus } = runtimeInfo();
    expect(device).toBe(process.env.SERENGETI_DEVICE ?? device);
    expect(Array.isArray(gpus)).toBe(true);
    if (device === 'cpu') expect(gpus).toEqual([]);
  });

  it('multiplies matrices', () => {
    const tf = tensorflow();
    const product = tf.tidy(() =>
      tf
        .tensor2d([
          [1, 2],
          [3, 4],
        ])
        .matMul(
          tf.tensor2d([
            [0, 1],
            [1, 0],
          ]),
        )
        .arraySync(),
    );
    expect(product).toEqual([
      [2, 1],
      [4, 3],
    ]);
  });

  it('trains, which tfjs-node needs a function for that newer Nodes have dropped', async () => {
    const tf = tensorflow();
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    const x = tf.tensor2d([[-1], [0], [1]]);
    const y = tf.tensor2d([[-2], [0], [2]]);
    const history = await model.fit(x, y, { epochs: 100, verbose: 0 });
    expect(history.history['loss']!.at(-1)).toBeLessThan(1e-3);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('keeps no tensors of what was tidied', () => {
    const tf = tensorflow();
    const before = tf.memory().numTensors;
    tf.tidy(() => void tf.ones([10, 10]).sum());
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('without the add-on', () => {
  it('says that set-up has to run', () => {
    jest.isolateModules(() => {
      jest.doMock('@mapbox/node-pre-gyp', () => ({ find: () => '/nowhere/tfjs_binding.node' }));
      const unprepared = jest.requireActual<typeof import('../../../lib/model/runtime')>('../../../lib/model/runtime');
      expect(() => unprepared.runtimeInfo()).toThrow(
        expect.objectContaining({
          name: 'SerengetiError',
          code: 'MODEL_RUNTIME_MISSING',
          message: expect.stringMatching(/npm run setup.*tfjs_binding\.node/) as string,
        }) as Error,
      );
    });
  });
});
