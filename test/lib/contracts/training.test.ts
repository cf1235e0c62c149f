import { fineTuneOptionsSchema, trainingOptionsSchema } from '../../../lib/contracts/runInput';
import { parseWith } from '../../../lib/contracts/validate';

const parse = (options: object) => parseWith(trainingOptionsSchema, options, 'INPUT_INVALID', 'training');
const problemsOf = (options: object): string => {
  try {
    parse(options);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('options of a training', () => {
  test('every problem of fine-tuning is told at once, with its place', () => {
    const message = problemsOf({
      fineTune: { cells: 0, epochs: 1.5, learningRate: 0, augmentation: { crop: 1, zoom: true } },
    });
    for (const place of [
      'fineTune.cells',
      'fineTune.epochs',
      'fineTune.learningRate',
      'fineTune.augmentation.crop',
      'zoom',
    ]) {
      expect(message).toContain(place);
    }
  });

  test.each(['features-mean', 'features-max'])('fine-tuning does not go with %s', (pooling) => {
    expect(problemsOf({ pooling, fineTune: {} })).toContain('fineTune: the backbone learns from single frames');
    expect(problemsOf({ pooling })).toBe('');
  });

  test('without fine-tuning there is no trace of it: what was trained before is found again', () => {
    expect(parse({})).not.toHaveProperty('fineTune');
  });

  test('asked for without more, it has defaults', () => {
    expect(parse({ fineTune: {} }).fineTune).toEqual(fineTuneOptionsSchema.parse({}));
    expect(parse({ fineTune: {} }).fineTune).toMatchObject({ cells: 3, augmentation: { flip: true } });
  });
});
