import { Crew, LOOK_EVERY_MS } from '../../../../lib/seasons/download/crew';

/** Bytes a millisecond. */
const SPEED = 1_000;

/** A crew at a link, looked at in its time. */
class Day {
  readonly crew: Crew;
  #now = 0;

  constructor(most: number, mirrors = 1) {
    this.crew = new Crew(most, mirrors, 0);
  }

  /** Lets time pass. @param speedOf - bytes a millisecond of a crew of that size */
  pass(ms: number, speedOf: (size: number) => number): number[] {
    const sizes: number[] = [];
    for (const end = this.#now + ms; this.#now < end;) {
      this.crew.delivered(speedOf(this.crew.size) * LOOK_EVERY_MS);
      this.#now += LOOK_EVERY_MS;
      this.crew.look(this.#now);
      sizes.push(this.crew.size);
    }
    return sizes;
  }
}

const limitedEach = (size: number): number => size * SPEED;
const limitedTogether = (): number => SPEED;
const silent = (): number => 0;

describe('the crew of a download', () => {
  test('begins with two, or one a mirror, or as many as it may have', () => {
    expect(new Crew(8, 1).size).toBe(2);
    expect(new Crew(8, 3).size).toBe(3);
    expect(new Crew(1, 3).size).toBe(1);
  });

  test('is complete within a second where each connection is limited', () => {
    expect(new Day(8).pass(1_000, limitedEach)).toEqual([4, 8, 8, 8]);
  });

  test('stays small where all connections together are limited, and tries again later', () => {
    const day = new Day(8);
    const sizes = day.pass(10_000, limitedTogether);
    expect(sizes.filter((size) => size > 2)).toHaveLength(5);
    expect(sizes.at(-1)).toBe(2);
    expect(Math.max(...day.pass(3_000, limitedTogether))).toBe(4);
  });

  test('stops at the size from where on more bring nothing', () => {
    const sizes = new Day(16).pass(9_000, (size) => Math.min(size, 4) * SPEED);
    expect(Math.max(...sizes)).toBe(8);
    expect(sizes.at(-1)).toBe(4);
  });

  test('grows when the link becomes one that limits each connection', () => {
    const day = new Day(8);
    day.pass(5_000, limitedTogether);
    expect(day.pass(12_000, limitedEach).at(-1)).toBe(8);
  });

  test('waits for connections that take a second to begin', () => {
    const day = new Day(8);
    day.pass(LOOK_EVERY_MS, limitedEach);
    day.pass(1_000, () => 2 * SPEED);
    expect(day.crew.size).toBe(4);
    day.pass(LOOK_EVERY_MS, limitedEach);
    expect(day.crew.size).toBe(8);
  });

  test('keeps a larger size where nothing comes', () => {
    expect(new Day(8).pass(3_000, silent).at(-1)).toBe(4);
  });

  describe('members', () => {
    const { signal } = new AbortController();

    test('wait for their turn', async () => {
      const day = new Day(8);
      await day.crew.turnOf(1, signal);
      let came = false;
      const third = day.crew.turnOf(2, signal).then(() => (came = true));
      await new Promise(setImmediate);
      expect(came).toBe(false);
      day.pass(LOOK_EVERY_MS, limitedEach);
      await third;
    });

    test('wait no longer when nothing is left to do', async () => {
      const { crew } = new Day(8);
      const third = crew.turnOf(2, signal);
      crew.end();
      await third;
    });

    test('stop waiting when the download is stopped', async () => {
      const controller = new AbortController();
      const third = new Day(8).crew.turnOf(2, controller.signal);
      controller.abort();
      await expect(third).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
});
