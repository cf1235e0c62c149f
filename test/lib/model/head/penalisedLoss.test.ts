import { trainingOptionsSchema } from '../../../../lib/contracts/runInput';
import type { FeatureRows } from '../../../../lib/model/features/table';
import { FeatureBlocks } from '../../../../lib/model/head/featureBlocks';
import { headAt, PenalisedLoss, type HeadForm } from '../../../../lib/model/head/penalisedLoss';
import { Metric } from '../../../../lib/model/head/metric';
import { HeadNetwork } from '../../../../lib/model/head/network';
import { Examples } from '../../../../lib/model/learning/examples';
import { Turns } from '../../../../lib/model/learning/turns';
import { Random } from '../../../../lib/model/random';

const WIDTH = 5;
const CLASSES = 3;
const ROWS = 24;
const FEATURES = Float32Array.from({ length: ROWS * WIDTH }, (_, i) => 3 + new Random(3, i).uniform());

const table: FeatureRows = {
  rows: ROWS,
  width: WIDTH,
  sequences: Array.from({ length: ROWS / 2 }, (_, i) => {
    const classes = i % 5 === 0 ? [0, 2] : [i % CLASSES];
    return { season: 'S1', site: 'A', hour: null, name: `s${i}`, classes, fileNames: [] };
  }),
  sequenceOf: (row) => Math.floor(row / 2),
  read: async (rows, target) =>
    rows.forEach((row, i) => target.set(FEATURES.subarray(row * WIDTH, (row + 1) * WIDTH), i * WIDTH)),
};

const turns = new Turns(undefined);
const open = () =>
  FeatureBlocks.open(
    table,
    Uint32Array.from({ length: ROWS }, (_, row) => row),
    { memoryBytes: 1e6, turns },
  );

/** Kernels and biases of all layers. */
function sizeOf({ widths }: HeadForm): number {
  return widths.slice(1).reduce((sum, outputs, layer) => sum + (widths[layer]! + 1) * outputs, 0);
}

/** Small weights; hidden units that are on for every row, and every third one off, so that no step crosses a kink. */
function awayFromKinks(form: HeadForm): Float32Array {
  const point = Float32Array.from({ length: sizeOf(form) }, (_, i) => 0.4 * (new Random(9, i).uniform() - 0.5));
  let end = 0;
  form.widths.slice(1, -1).forEach((outputs, layer) => {
    end += form.widths[layer]! * outputs;
    for (let unit = 0; unit < outputs; unit++) point[end + unit] = unit % 3 === 1 ? -4 : 4;
    end += outputs;
  });
  return point;
}

describe.each<[string, HeadForm]>([
  ['softmax', { widths: [WIDTH, CLASSES], output: 'softmax' }],
  ['sigmoid', { widths: [WIDTH, CLASSES], output: 'sigmoid' }],
  ['softmax with a hidden layer', { widths: [WIDTH, 4, CLASSES], output: 'softmax' }],
  ['sigmoid with two', { widths: [WIDTH, 4, 3, CLASSES], output: 'sigmoid' }],
])('%s', (_, form) => {
  const point = awayFromKinks(form);

  test.each([false, true])('the gradient is what the loss changes by; whitened: %s', async (whitened) => {
    const blocks = await open();
    const examples = new Examples(table, CLASSES, blocks.rows, trainingOptionsSchema.parse({ output: form.output }));
    const isLearned = (row: number) => row % 7 !== 3;
    const trainingSet = { blocks, examples, sequences: 12, isLearned };
    const metric = whitened ? await Metric.within(trainingSet, turns) : undefined;
    const loss = new PenalisedLoss(form, trainingSet, { penalty: 2, metric }, turns);
    const { gradient } = await loss.evaluate(point);
    const at = async (i: number, by: number) => {
      const moved = point.slice();
      moved[i]! += by;
      return (await loss.evaluate(moved)).value;
    };
    for (const i of gradient.keys()) {
      const measured = ((await at(i, 1e-3)) - (await at(i, -1e-3))) / 2e-3;
      expect(Math.abs(gradient[i]! - measured)).toBeLessThan(2e-3);
    }
    blocks.dispose();
    metric?.dispose();
  });

  test('the head of a point takes features as they come', async () => {
    const blocks = await open();
    const network = new HeadNetwork(headAt(form, point, blocks.standardisation));
    const standard = new HeadNetwork(
      headAt(form, point, { centre: new Float32Array(WIDTH), scale: new Float32Array(WIDTH).fill(1) }),
    );
    for await (const { features } of blocks) {
      const wanted = standard.predict(features.dataSync<'float32'>());
      network.predict(FEATURES).forEach((p, i) => expect(p).toBeCloseTo(wanted[i]!, 4));
    }
    [network, standard, blocks].forEach((own) => own.dispose());
  });
});
