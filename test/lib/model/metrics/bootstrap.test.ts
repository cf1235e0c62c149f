import { estimateMeans } from '../../../../lib/model/metrics/bootstrap';
import { Random } from '../../../../lib/model/random';

function coins(count: number, share: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => (random.uniform() < share ? 1 : 0));
}

test('the same seed gives the same interval, another a slightly other one', async () => {
  const values = { accuracy: coins(300, 0.8, 1) };
  const sites = Array.from({ length: 300 }, (_, sequence) => `site-${sequence % 10}`);
  const first = await estimateMeans(values, sites, 1);
  expect(await estimateMeans(values, sites, 1)).toEqual(first);
  expect(await estimateMeans(values, sites, 2)).not.toEqual(first);
});

test('independent sequences: as wide as the normal approximation', async () => {
  const values = { accuracy: coins(400, 0.8, 3) };
  const { accuracy } = await estimateMeans(values, Array<string>(400).fill('one'), 1);
  const deviation = Math.sqrt((accuracy.value * (1 - accuracy.value)) / 400);
  expect(accuracy.high - accuracy.low).toBeCloseTo(2 * 1.96 * deviation, 1.5);
  expect(accuracy.low).toBeLessThan(accuracy.value);
  expect(accuracy.high).toBeGreaterThan(accuracy.value);
});

test('sites that are alike within and differ between make the interval wide', async () => {
  const sites = Array.from({ length: 400 }, (_, sequence) => `site-${sequence % 8}`);
  const values = { accuracy: Float64Array.from({ length: 400 }, (_, sequence) => (sequence % 8 < 4 ? 1 : 0)) };
  const bySite = (await estimateMeans(values, sites, 1)).accuracy;
  const bySequence = (await estimateMeans(values, Array<string>(400).fill('one'), 1)).accuracy;
  expect(bySite.high - bySite.low).toBeGreaterThan(4 * (bySequence.high - bySequence.low));
});

test('with fewer than five sites, sequences are drawn', async () => {
  const values = { accuracy: Float64Array.from({ length: 80 }, (_, sequence) => (sequence % 4 < 2 ? 1 : 0)) };
  const four = Array.from({ length: 80 }, (_, sequence) => `site-${sequence % 4}`);
  expect(await estimateMeans(values, four, 1)).toEqual(await estimateMeans(values, Array<string>(80).fill('one'), 1));
});

test('stops when told to', async () => {
  const values = { accuracy: coins(20_000, 0.5, 1) };
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(estimateMeans(values, Array<string>(20_000).fill('one'), 1, { signal })).rejects.toThrow('stopped');
});
