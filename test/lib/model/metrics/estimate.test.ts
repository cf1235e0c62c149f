import { estimateMean, siteNumbers, type Scale } from '../../../../lib/model/metrics/estimate';
import { SimulatedSites } from './support/simulatedSites';

const sitesOf = (count: number, sequences: number): Uint32Array =>
  Uint32Array.from({ length: sequences }, (_, sequence) => sequence % count);

describe('an interval over sites', () => {
  it.each<[Scale, number]>([
    ['share', 3],
    ['share', 8],
    ['share', 25],
    ['loss', 3],
    ['loss', 8],
    ['loss', 25],
    ['difference', 3],
    ['difference', 8],
    ['difference', 25],
  ])('of a %s holds the true mean in 95 of 100 simulations, give or take a few, with %i sites', (scale, siteCount) => {
    const simulation = new SimulatedSites(siteCount);
    const draws = 300;
    let held = 0;
    for (let draw = 0; draw < draws; draw++) {
      const { values, sites, mean } = simulation.draw(scale, siteCount);
      const { low, high } = estimateMean({ values, sites, scale })!;
      if (low <= mean && mean <= high) held++;
    }
    // 0.95 less 2.3 standard errors of 300 draws.
    expect(held / draws).toBeGreaterThan(0.92);
  });

  it('of two equal models lies below zero in at most 5 % of 200 ties', () => {
    const simulation = new SimulatedSites(1);
    let won = 0;
    for (let tie = 0; tie < 200; tie++) {
      const { values, sites } = simulation.draw('difference', 4 + (tie % 20));
      if (estimateMean({ values, sites, scale: 'difference' })!.high < 0) won++;
    }
    expect(won).toBeLessThanOrEqual(10);
  });

  it('is wide where sites are alike within and differ between', () => {
    const values = Float64Array.from({ length: 400 }, (_, sequence) => (sequence % 8 < 4 ? 1 : 0));
    const bySite = estimateMean({ values, sites: sitesOf(8, 400), scale: 'share' })!;
    const bySequence = estimateMean({ values, sites: sitesOf(1, 400), scale: 'share' })!;
    expect(bySite.high - bySite.low).toBeGreaterThan(4 * (bySequence.high - bySequence.low));
  });

  it('is over sequences where all are of one site', () => {
    const values = Float64Array.from({ length: 400 }, (_, sequence) => (sequence % 5 === 0 ? 0 : 1));
    const { value, low, high } = estimateMean({ values, sites: sitesOf(1, 400), scale: 'share' })!;
    const reach = 1.966 * Math.sqrt((0.8 * 0.2) / 400);
    expect([value, low, high]).toEqual([0.8, expect.closeTo(0.8 - reach, 2), expect.closeTo(0.8 + reach, 2)]);
  });

  it('stays within what the figure can be', () => {
    const share = estimateMean({ values: [1, 1, 1, 0], sites: Uint32Array.of(0, 0, 0, 1), scale: 'share' })!;
    expect(share.low).toBeGreaterThanOrEqual(0);
    expect(share.high).toBeLessThanOrEqual(1);
    const loss = estimateMean({ values: [0.001, 5], sites: Uint32Array.of(0, 1), scale: 'loss' })!;
    expect(loss.low).toBeGreaterThanOrEqual(0);
    expect(loss.high).toBeLessThan(16.2);
  });

  it('does not shrink to nothing where all are right: it says how little few sites prove', () => {
    const all = (sites: number) =>
      estimateMean({ values: Array(60).fill(1) as number[], sites: sitesOf(sites, 60), scale: 'share' })!;
    expect(all(3)).toEqual({ value: 1, low: expect.closeTo(0.438, 2), high: 1 });
    expect(all(20).low).toBeCloseTo(0.839, 2);
  });
});

test('only what is counted is averaged over', () => {
  const counted = (sequence: number): boolean => sequence < 2;
  const values = [1, 3, 100];
  expect(estimateMean({ values, sites: Uint32Array.of(0, 1, 2), scale: 'difference', counted })?.value).toBe(2);
  expect(
    estimateMean({ values, sites: Uint32Array.of(0, 1, 2), scale: 'difference', counted: () => false }),
  ).toBeUndefined();
});

test('sites are numbered as they come', () => {
  expect(siteNumbers(['B', 'A', 'B'])).toEqual(Uint32Array.of(0, 1, 0));
});
