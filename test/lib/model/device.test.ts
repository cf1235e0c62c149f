import { deviceWarning, fitToMemory } from '../../../lib/model/device';

const none = { device: undefined, visible: undefined, gpus: [] };

describe('a GPU that was asked for and is not used', () => {
  test.each([
    ['by SERENGETI_DEVICE', { device: 'gpu' }, 'SERENGETI_DEVICE asks for a GPU'],
    ['by CUDA_VISIBLE_DEVICES', { visible: '1' }, 'CUDA_VISIBLE_DEVICES=1 asks for a GPU'],
    ['by being there', { gpus: ['NVIDIA A100'] }, 'This machine has a GPU (NVIDIA A100)'],
  ])('%s', (_, wish, reason) => {
    const warning = deviceWarning('cpu', { ...none, ...wish });
    expect(warning).toContain(reason);
    expect(warning).toContain('SERENGETI_DEVICE=gpu npm run setup');
  });
});

test.each([
  ['nobody asked', none],
  ['the CPU is meant', { ...none, device: 'cpu', gpus: ['NVIDIA A100'] }],
  ['all GPUs are hidden', { ...none, device: 'gpu', visible: '-1', gpus: ['NVIDIA A100'] }],
  ['all GPUs are hidden, in another way', { ...none, visible: '' }],
])('no warning where %s', (_, wish) => {
  expect(deviceWarning('cpu', wish)).toBeUndefined();
});

test('no warning where a GPU is used', () => {
  expect(deviceWarning('gpu', { device: 'gpu', visible: '0', gpus: ['NVIDIA A100'] })).toBeUndefined();
});

describe('a batch that fits', () => {
  const outOfMemory = () => new Error('OOM when allocating tensor with shape[128,112,112,32]');

  test('other errors are none of memory: they come out at once', () => {
    const attempt = jest.fn(() => {
      throw new Error('no such input');
    });
    expect(() => fitToMemory(128, attempt)).toThrow('no such input');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test('where not even one photograph fits, the error says so', () => {
    const tried: number[] = [];
    const attempt = (batch: number) => {
      tried.push(batch);
      throw outOfMemory();
    };
    expect(() => fitToMemory(5, attempt)).toThrow('OOM');
    expect(tried).toEqual([5, 3, 2, 1]);
  });

  test('is halved until it does', () => {
    const attempt = (batch: number) => {
      if (batch > 40) throw outOfMemory();
      return `${batch} fit`;
    };
    expect(fitToMemory(128, attempt)).toBe('32 fit');
    expect(fitToMemory(40, attempt)).toBe('40 fit');
  });
});
