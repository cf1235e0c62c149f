import { SourceFailure } from '../../../../lib/http/failures';
import { MirrorPool, type MirrorUse } from '../../../../lib/seasons/mirrors/mirrorPool';
import { TRANSFER_POLICY } from '../../../../lib/http/transport';

const MIRRORS = ['a', 'b'].map((name) => ({ name, url: `http://${name}/` }));
const FILE = {
  path: 'x.zip',
  bytes: 1,
  validator: '',
  at: MIRRORS.map(({ name }) => ({ mirror: name, ranges: true })),
};

const failure = (then: 'wait' | 'leave', retryAfterMs?: number): SourceFailure =>
  new SourceFailure({ code: 'SOURCE_UNREACHABLE', then }, 'it failed', { url: 'http://a/x.zip', retryAfterMs });

describe('MirrorPool', () => {
  let warnings: string[] = [];
  let pool: MirrorPool;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    jest.spyOn(performance, 'now').mockImplementation(() => Date.now());
    warnings = [];
    pool = new MirrorPool(MIRRORS, FILE, FILE.at, TRANSFER_POLICY, ({ message }) => warnings.push(message));
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  function choose(): MirrorUse {
    const choice = pool.choose();
    if ('waitMs' in choice) throw new Error(`resting for ${choice.waitMs} ms`);
    return choice.mirror;
  }

  /** Opens so many connections and tells which mirrors they went to. */
  function open(count: number): string {
    let names = '';
    for (let i = 0; i < count; i++) {
      const mirror = choose();
      pool.opened(mirror);
      names += mirror.name;
    }
    return [...names].sort().join('');
  }

  test('mirrors of unknown speed take turns', () => {
    expect(open(6)).toBe('aaabbb');
  });

  test('a mirror gets connections as it is fast', () => {
    for (const speed of [1_000, 3_000]) {
      const mirror = choose();
      pool.opened(mirror);
      pool.closed(mirror, speed);
      pool.opened(mirror);
    }
    expect(pool.bestSpeed).toBe(3_000);
    expect(open(6)).toBe('abbbbb');
  });

  test('a failing mirror rests, longer each time, and is given up after six failures', () => {
    const mirror = choose();
    const pauses: number[] = [];
    for (let i = 1; i < 6; i++) {
      pool.failed(mirror, failure('wait'));
      expect(choose().name).toBe('b');
      const choice = pool.choose(new Set(['b']));
      if (!('waitMs' in choice)) throw new Error('not resting');
      pauses.push(choice.waitMs);
      jest.advanceTimersByTime(Math.ceil(choice.waitMs));
    }
    pauses.forEach((pause, i) => {
      expect(pause).toBeGreaterThanOrEqual(250 * 2 ** i);
      expect(pause).toBeLessThanOrEqual(500 * 2 ** i);
    });
    pool.failed(mirror, failure('wait'));
    expect(warnings).toEqual(['Mirror a is left out: it failed. Going on with b.']);
    expect(() => pool.choose(new Set(['b']))).toThrow(/No mirror gives x\.zip:\n {2}- it failed/);
  });

  test('connections that break off together are one failure', () => {
    const mirror = choose();
    for (let i = 0; i < 8; i++) pool.failed(mirror, failure('wait'));
    jest.advanceTimersByTime(500);
    expect(choose().name).toBe('a');
  });

  test('bytes that come make up for failures', () => {
    const mirror = choose();
    for (let i = 0; i < 20; i++) {
      pool.failed(mirror, failure('wait'));
      jest.advanceTimersByTime(30_000);
      pool.delivered(mirror);
    }
    expect(warnings).toEqual([]);
  });

  test('a mirror rests as long as it asks for', () => {
    pool.failed(choose(), failure('wait', 7_000));
    expect(pool.choose(new Set(['b']))).toEqual({ waitMs: 7_000, because: 'it failed' });
  });

  test('a mirror that will not give the file is given up at once', () => {
    pool.failed(choose(), failure('leave'));
    pool.failed(choose(), failure('leave'));
    expect(pool.exhausted).toBe(true);
    expect(() => pool.choose()).toThrow(expect.objectContaining({ code: 'SOURCE_UNREACHABLE' }));
  });
});
