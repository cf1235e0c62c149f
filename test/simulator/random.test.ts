import { Random } from '../../simulator/random';

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.next());

test('the same parts give the same stream, other parts another', () => {
  expect(draw(new Random(1, 'sites'), 5)).toEqual(draw(new Random(1, 'sites'), 5));
  expect(draw(new Random(1, 'sites'), 5)).not.toEqual(draw(new Random(2, 'sites'), 5));
  expect(draw(new Random('ab', 'c'), 5)).not.toEqual(draw(new Random('a', 'bc'), 5));
});

test('numbers are spread evenly', () => {
  const numbers = draw(new Random('even'), 20_000);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((x) => Math.floor(x * 10) === tenth).length);
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test('weights decide how often a position is drawn', () => {
  const random = new Random('weights');
  const counts = [0, 0, 0];
  for (let draws = 0; draws < 10_000; draws++) counts[random.weighted([1, 0, 3])]!++;
  expect(counts[1]).toBe(0);
  expect(counts[2]! / counts[0]!).toBeCloseTo(3, 0);
});

test('normal numbers have mean 0 and deviation 1', () => {
  const random = new Random('normal');
  const numbers = Array.from({ length: 20_000 }, () => random.normal());
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
  expect(mean).toBeCloseTo(0, 1);
  expect(deviation).toBeCloseTo(1, 1);
});

test('whole numbers reach both ends, shuffling loses nothing, nothing cannot be picked from', () => {
  const random = new Random('rest');
  const drawn = new Set(Array.from({ length: 200 }, () => random.integer(2, 4)));
  expect(drawn).toEqual(new Set([2, 3, 4]));
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = random.shuffled(values);
  expect(shuffled).not.toEqual(values);
  expect([...shuffled].sort()).toEqual(values);
  expect(() => random.pick([])).toThrow('Nothing to pick from');
});
