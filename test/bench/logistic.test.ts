import { examplesOf } from '../../bench/logistic';

const row = (name: string, site: string, classes: number[]) => ({
  ...{ season: 'S1', site, name, classes, fileNames: [], hour: null },
});

test('a row of two classes is half an example of each', () => {
  const examples = examplesOf([row('a', 'A', [1]), row('b', 'B', [0, 2])], 3);
  expect(examples).toMatchObject({ classes: 3, row: [0, 1, 1], label: [1, 0, 2], weight: [1, 0.5, 0.5] });
});

test('rows of a site are set aside together', () => {
  const sites = ['A', 'B', 'C', 'D', 'E', 'A'];
  const rows = sites.map((site, number) => row(String(number), site, [0]));
  expect(examplesOf(rows, 2).group).toEqual([0, 1, 2, 3, 4, 0]);
});

test('with few sites, rows of a sequence are', () => {
  const rows = ['a', 'a', 'b'].map((name) => row(name, 'A', [0]));
  expect(examplesOf(rows, 2).group).toEqual([0, 0, 1]);
});
