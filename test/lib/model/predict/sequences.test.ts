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
