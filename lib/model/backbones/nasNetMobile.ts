import type { Layers } from '../graph';
import type { Backbone, Stage, State } from './backbone';
import { CELLS } from './nasNetCells';
import type { Cell } from './nasNetCells';
import { nasNetParameters } from './nasNetParameters';

/**
 * NASNet-A (4 @ 1056), "mobile": Zoph et al., "Learning Transferable Architectures for Scalable Image Recognition"
 * (2018), figure 4 and appendix, with the paddings of `keras.applications.NASNetMobile`.
 *
 * There, everything that takes a cell's output begins with ReLU. Here the cell ends with it, once for all.
 */
const stem: Stage = {
  name: 'stem',
  run: <T>(layers: Layers<T>, [images]: State<T>): State<T> => {
    const x = layers.normalise(images, 127.5, 1 / 127.5);
    return [layers.convolution(x, 'stem/convolution', { strides: 2, padding: 'VALID', activation: 'relu' })];
  },
};

/** Every cell sees the outputs of the two before it. The first has only one, which stands for both. */
function stageOf(cell: Cell): Stage {
  return {
    name: cell.name,
    run: <T>(layers: Layers<T>, [last, beforeLast = last]: State<T>): State<T> => {
      const previous = adjust(layers, beforeLast, cell);
      const squeezed = layers.convolution(last, `${cell.name}/squeeze`);
      const combine = cell.kind === 'normal' ? normalCell : reductionCell;
      return [combine(layers, previous, squeezed, cell), last];
    },
  };
}

/** Brings the older output to the size and the channels of the cell. */
function adjust<T>(layers: Layers<T>, previous: T, { name, adjustment }: Cell): T {
  switch (adjustment) {
    case 'none':
      return previous;
    case 'project':
      return layers.convolution(previous, `${name}/adjust`);
    case 'reduce': {
      // Half of the channels look at the places of even row and column, half at those of odd row and column.
      const { height, width } = layers.sizeOf(previous);
      const isEven = height % 2 === 0 && width % 2 === 0;
      const whole = isEven ? previous : layers.zeroPad(previous, { bottom: height % 2, right: width % 2 });
      const shifted = layers.crop(whole, { top: 1, left: 1 });
      const everySecond = { strides: 2, padding: 'VALID' } as const;
      return layers.concatenate(
        layers.convolution(previous, `${name}/adjust_even`, everySecond),
        layers.convolution(shifted, `${name}/adjust_odd`, everySecond),
      );
    }
  }
}

/** Figure 4, left. */
function normalCell<T>(layers: Layers<T>, previous: T, squeezed: T, { name }: Cell): T {
  const [p, h] = [layers.relu(previous), layers.relu(squeezed)];
  const smooth = (x: T) => layers.averagePool(x, { size: 3 });
  return layers.concatenate(
    p,
    layers.add(separable(layers, h, `${name}/left1`), separable(layers, p, `${name}/right1`), 'relu'),
    layers.add(separable(layers, p, `${name}/left2`), separable(layers, p, `${name}/right2`), 'relu'),
    layers.add(smooth(squeezed), previous, 'relu'),
    layers.add(smooth(previous), smooth(previous), 'relu'),
    layers.add(separable(layers, h, `${name}/left5`), squeezed, 'relu'),
  );
}

/** Figure 4, right: everything that looks at the cell's inputs takes steps of two. */
function reductionCell<T>(layers: Layers<T>, previous: T, squeezed: T, { name }: Cell): T {
  const [p, h] = [layers.relu(previous), layers.relu(squeezed)];
  // The zeros take part in the pooling, unlike those of SAME.
  const { height, width } = layers.sizeOf(squeezed);
  const padded = layers.zeroPad(squeezed, { top: height % 2, left: width % 2, bottom: 1, right: 1 });
  const window = { size: 3, strides: 2, padding: 'VALID' } as const;
  const largest = layers.maxPool(padded, window);
  const x1 = layers.add(separable(layers, h, `${name}/left1`, 2), separable(layers, p, `${name}/right1`, 2));
  const x2 = layers.add(largest, separable(layers, p, `${name}/right2`, 2));
  return layers.concatenate(
    layers.relu(x2),
    layers.add(layers.averagePool(padded, window), separable(layers, p, `${name}/right3`, 2), 'relu'),
    layers.add(x2, layers.averagePool(x1, { size: 3 }), 'relu'),
    layers.add(separable(layers, layers.relu(x1), `${name}/left4`), largest, 'relu'),
  );
}

/** Separable convolutions come in twos, the steps in the first. @param x - after ReLU */
function separable<T>(layers: Layers<T>, x: T, name: string, strides = 1): T {
  const first = layers.separable(x, `${name}/first`, { strides, activation: 'relu' });
  return layers.separable(first, `${name}/second`);
}

export const nasNetMobile: Backbone = {
  name: 'nasnet-mobile',
  featureWidth: 1056,
  defaultPooling: 'max',
  source: {
    file: 'NASNet-mobile-no-top.h5',
    bytes: 19_993_432,
    digest: { algorithm: 'md5', hex: '1ed92395b5b598bdda52abe5c0dbfd63' },
    url: 'https://storage.googleapis.com/tensorflow/keras-applications/nasnet/NASNet-mobile-no-top.h5',
    licence: 'Apache-2.0',
  },
  stages: [stem, ...CELLS.map(stageOf)],
  parameters: nasNetParameters,
};
