import { groupIntoSequences } from '../../../../lib/model/predict/sequences';

const names = (sequences: readonly (readonly { file: string }[])[]) =>
  sequences.map((frames) => frames.map(({ file }) => file));

test('photographs of a folder that follow each other are one sequence, in the order of time', () => {
  const photographs = [
    { file: 'a/1.jpg', taken: 4000 },
    { file: 'a/2.jpg', taken: 0 },
    { file: 'a/3.jpg', taken: 2000 },
    { file: 'a/4.jpg', taken: 9500 },
  ];
  expect(names(groupIntoSequences(photographs, 5000))).toEqual([['a/2.jpg', 'a/3.jpg', 'a/1.jpg'], ['a/4.jpg']]);
});

test('the gap counts from one photograph to the next, and may be reached', () => {
  const photographs = [0, 5000, 10_000, 15_001].map((taken, number) => ({ file: `${number}.jpg`, taken }));
  expect(names(groupIntoSequences(photographs, 5000))).toEqual([['0.jpg', '1.jpg', '2.jpg'], ['3.jpg']]);
});

test('folders are cameras: what they took at the same time has nothing to do with each other', () => {
  const photographs = ['a/1.jpg', 'b/1.jpg', 'a/sub/1.jpg', 'a/2.jpg'].map((file) => ({ file, taken: 0 }));
  expect(names(groupIntoSequences(photographs, 5000))).toEqual([['a/1.jpg', 'a/2.jpg'], ['a/sub/1.jpg'], ['b/1.jpg']]);
});

test('a photograph without a time stands alone', () => {
  const photographs = [{ file: '1.jpg' }, { file: '2.jpg', taken: 0 }, { file: '3.jpg' }, { file: '4.jpg', taken: 1 }];
  expect(names(groupIntoSequences(photographs, 5000))).toEqual([['1.jpg'], ['2.jpg', '4.jpg'], ['3.jpg']]);
});

test('a burst that goes from one numbered folder of a camera to the next is one', () => {
  const photographs = [
    { file: 'river/100RECNX/RCNX9999.JPG', taken: 1000 },
    { file: 'river/101RECNX/RCNX0001.JPG', taken: 2000 },
    { file: 'river/100_BTCF/IMG_0001.JPG', taken: 2000 },
    { file: 'hill/101RECNX/RCNX0001.JPG', taken: 2000 },
    { file: 'river/1000RECNX/RCNX0001.JPG', taken: 2000 },
  ];
  expect(names(groupIntoSequences(photographs, 5000))).toEqual([
    ['hill/101RECNX/RCNX0001.JPG'],
    ['river/1000RECNX/RCNX0001.JPG'],
    ['river/100RECNX/RCNX9999.JPG', 'river/101RECNX/RCNX0001.JPG'],
    ['river/100_BTCF/IMG_0001.JPG'],
  ]);
});

test('bursts that chain for an hour are many sequences, none longer than twelve gaps', () => {
  const photographs = Array.from({ length: 1200 }, (_, number) => ({
    file: `${String(number).padStart(4, '0')}.jpg`,
    taken: 3000 * number,
  }));
  const sequences = groupIntoSequences(photographs, 5000);
  expect(sequences).toHaveLength(58);
  for (const frames of sequences) expect(frames.at(-1)!.taken - frames[0]!.taken).toBeLessThanOrEqual(60_000);
});

test('two cameras in one folder are two', () => {
  const photographs = [
    { file: '1.jpg', taken: 0, camera: 'A' },
    { file: '2.jpg', taken: 1000, camera: 'B' },
    { file: '3.jpg', taken: 2000, camera: 'A' },
  ];
  expect(names(groupIntoSequences(photographs, 5000))).toEqual([['1.jpg', '3.jpg'], ['2.jpg']]);
});

describe('where the camera numbers its bursts, its numbers decide', () => {
  const burst = (event: number, start: number, step: number) =>
    [0, 1, 2].map((place) => ({ file: `${event}-${place}.jpg`, taken: start + place * step, event }));

  test('bursts that follow each other at once are two', () => {
    expect(groupIntoSequences([...burst(1, 0, 1000), ...burst(2, 3000, 1000)], 5000)).toHaveLength(2);
  });

  test('a slow burst is one', () => {
    expect(groupIntoSequences(burst(1, 0, 20_000), 5000)).toHaveLength(1);
  });

  test('a number that comes again after days is another burst', () => {
    const again = burst(1, 3 * 86_400_000, 1000).map((frame) => ({ ...frame, file: `again-${frame.file}` }));
    expect(groupIntoSequences([...burst(1, 0, 1000), ...again], 5000)).toHaveLength(2);
  });
});

test('where a clock stood still, photographs stand alone', () => {
  const photographs = Array.from({ length: 31 }, (_, number) => ({ file: `${number}.jpg`, taken: 0 }));
  expect(groupIntoSequences(photographs, 5000)).toHaveLength(31);
  expect(groupIntoSequences(photographs.slice(1), 5000)).toHaveLength(1);
});
