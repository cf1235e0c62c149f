import { ADJUST_EVERY_MS, ConnectionLimit } from '../../../../lib/seasons/transfer/connectionLimit';

/** Bytes a millisecond. */
const SPEED = 1_000;

/** Connections over a link, in its time. */
class Day {
  readonly limit: ConnectionLimit;
  #now = 0;

  constructor(most: number, mirrors = 1) {
    this.limit = new ConnectionLimit(most, mirrors, 0);
  }

  /** Lets time pass. @param speedOf - bytes a millisecond of so many connections */
  pass(ms: number, speedOf: (size: number) => number): number[] {
    const sizes: number[] = [];
    for (const end = this.#now + ms; this.#now < end;) {
      this.limit.received(speedOf(this.limit.current) * ADJUST_EVERY_MS);
      this.#now += ADJUST_EVERY_MS;
      this.limit.adjust(this.#now);
      sizes.push(this.limit.current);
    }
    return sizes;
  }
}

const limitedEach = (size: number): number => size * SPEED;
const limitedTogether = (): number => SPEED;
const silent = (): number => 0;

describe('the connections of a transfer', () => {
  test('begins with two, or one a mirror, or as many as there may be', () => {
    expect(new ConnectionLimit(8, 1).current).toBe(2);
    expect(new ConnectionLimit(8, 3).current).toBe(3);
    expect(new ConnectionLimit(1, 3).current).toBe(1);
  });

  test('all are active within a second where each connection is limited', () => {
    expect(new Day(8).pass(1_000, limitedEach)).toEqual([4, 8, 8, 8]);
  });

  test('few are active where all connections together are limited, and tries again later', () => {
    const day = new Day(8);
    const sizes = day.pass(10_000, limitedTogether);
    expect(sizes.filter((size) => size > 2)).toHaveLength(5);
    expect(sizes.at(-1)).toBe(2);
    expect(Math.max(...day.pass(3_000, limitedTogether))).toBe(4);
  });

  test('more are tried until they bring nothing', () => {
    const sizes = new Day(16).pass(9_000, (size) => Math.min(size, 4) * SPEED);
    expect(Math.max(...sizes)).toBe(8);
    expect(sizes.at(-1)).toBe(4);
  });

  test('more become active when the link becomes one that limits each connection', () => {
    const day = new Day(8);
    day.pass(5_000, limitedTogether);
    expect(day.pass(12_000, limitedEach).at(-1)).toBe(8);
  });

  test('gives time to connections that take a second to begin', () => {
    const day = new Day(8);
    day.pass(ADJUST_EVERY_MS, limitedEach);
    day.pass(1_000, () => 2 * SPEED);
    expect(day.limit.current).toBe(4);
    day.pass(ADJUST_EVERY_MS, limitedEach);
    expect(day.limit.current).toBe(8);
  });

  test('more stay active where nothing comes', () => {
    expect(new Day(8).pass(3_000, silent).at(-1)).toBe(4);
  });

  describe('beyond the limit', () => {
    const { signal } = new AbortController();

    test('wait for their turn', async () => {
      const day = new Day(8);
      await day.limit.admit(1, signal);
      let came = false;
      const third = day.limit.admit(2, signal).then(() => (came = true));
      await new Promise(setImmediate);
      expect(came).toBe(false);
      day.pass(ADJUST_EVERY_MS, limitedEach);
      await third;
    });

    test('wait no longer when nothing is left to do', async () => {
      const { limit } = new Day(8);
      const third = limit.admit(2, signal);
      limit.release();
      await third;
    });

    test('stop waiting when the download is stopped', async () => {
      const controller = new AbortController();
      const third = new Day(8).limit.admit(2, controller.signal);
      controller.abort();
      await expect(third).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
});
