import { Rate } from '../../runs/rate';

describe('a rate', () => {
  it('is unknown before there are two samples, and when nothing moves', () => {
    const rate = new Rate();
    expect(rate.perSecond()).toBeUndefined();
    rate.add(100, 0);
    expect(rate.perSecond()).toBeUndefined();
    rate.add(100, 1000);
    expect(rate.perSecond()).toBeUndefined();
  });

  it('counts what was done since it began to look, so that resumed work does not flatter it', () => {
    const rate = new Rate();
    rate.add(5_000, 0);
    rate.add(5_100, 2000);
    expect(rate.perSecond()).toBe(50);
  });

  it('leaves out what is found there later on', () => {
    const rate = new Rate();
    rate.add(0, 0);
    rate.add(5_100, 2000, 5_000);
    expect(rate.perSecond()).toBe(50);
  });

  it('begins anew when the count falls', () => {
    const rate = new Rate();
    rate.add(5_000, 0);
    rate.add(3_000, 2000);
    expect(rate.perSecond()).toBeUndefined();
    rate.add(3_100, 4000);
    expect(rate.perSecond()).toBe(50);
  });

  it('forgets what lies behind its window', () => {
    const rate = new Rate(10);
    rate.add(0, 0);
    rate.add(1000, 1000);
    rate.add(1010, 11_000);
    rate.add(1020, 21_000);
    expect(rate.perSecond()).toBe(1);
  });
});
