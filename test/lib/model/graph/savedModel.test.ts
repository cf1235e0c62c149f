import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { encodeSavedModel, GraphBuilder, GraphLayers, writeSavedModel } from '../../../../lib/model/graph';
import type { Parameters } from '../../../../lib/model/graph';
import { tensorflow } from '../../../../lib/model/runtime';
import { temporaryFolder } from '../../../support/folders';

const parameters: Parameters = new Map([
  ['dense/kernel', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['dense/bias', { shape: [3], data: Float32Array.of(-1, 0, 1) }],
]);

/** Two inputs a row, three outputs. */
function build() {
  const graph = new GraphBuilder();
  const layers = new GraphLayers(graph, parameters);
  const x = graph.placeholder('x', 'float32', [-1, 2]);
  const y = layers.output(layers.dense(x, 'dense'), 'y');
  return { graph, signature: { inputs: { x }, outputs: { y } } };
}

describe('a SavedModel', () => {
  const folder = temporaryFolder();
  const write = () => writeSavedModel(build().graph, build().signature, folder());

  it('is a folder with the graph and an empty folder of variables', async () => {
    await write();
    expect((await readdir(folder())).sort()).toEqual(['saved_model.pb', 'variables']);
    expect(await readdir(join(folder(), 'variables'))).toEqual([]);
  });

  it('has the same bytes whenever it is written', () => {
    const digests = [1, 2].map(() => {
      const { graph, signature } = build();
      return createHash('sha256').update(encodeSavedModel(graph, signature)).digest('hex');
    });
    expect(digests[0]).toBe(digests[1]);
  });

  it('takes the place of half a file that a killed writer left, and of a whole one', async () => {
    await writeFile(join(folder(), 'saved_model.pb'), 'half');
    await write();
    const first = await readFile(join(folder(), 'saved_model.pb'));
    await write();
    expect(await readFile(join(folder(), 'saved_model.pb'))).toEqual(first);
    expect(first.length).toBeGreaterThan(100);
  });

  it('may be written by many at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, write));
    expect((await readdir(folder())).sort()).toEqual(['saved_model.pb', 'variables']);
    const { graph, signature } = build();
    expect(await readFile(join(folder(), 'saved_model.pb'))).toEqual(Buffer.from(encodeSavedModel(graph, signature)));
  });

  it('follows the conventions of TensorFlow Serving: tag, signature and method', async () => {
    await write();
    const [info] = await tensorflow().node.getMetaGraphsFromSavedModel(folder());
    expect(info?.tags).toEqual(['serve']);
    expect(info?.signatureDefs).toMatchObject({
      serving_default: {
        inputs: { x: { dtype: 'float32', name: 'x:0' } },
        outputs: { y: { dtype: 'float32', name: 'y:0' } },
      },
    });
    expect((await readFile(join(folder(), 'saved_model.pb'))).includes('tensorflow/serving/predict')).toBe(true);
  });

  it('runs with any batch', async () => {
    await write();
    const tf = tensorflow();
    const model = await tf.node.loadSavedModel(folder());
    for (const rows of [1, 5]) {
      const y = model.predict({ x: tf.ones([rows, 2]) }) as Record<string, Tensor>;
      expect([...y['y']!.dataSync()]).toEqual(Array.from({ length: rows }, () => [4, 7, 10]).flat());
    }
    model.dispose();
  });
});

it('nodes of the same name get numbers', () => {
  const graph = new GraphBuilder();
  const names = ['a', 'a', 'a_1', 'a'].map((name) => graph.constant(name, Float32Array.of(0), []).name);
  expect(names).toEqual(['a', 'a_1', 'a_1_1', 'a_2']);
});
