import { estimateAccuracy, type Drawn } from '../../../lib/review/accuracy';

/** `r` right, `w` wrong, `?` nobody could tell, `!` disputed, `.` nobody looked. */
function drawn(text: string): Drawn[] {
  const said: Readonly<Record<string, Record<string, string[]>>> = {
    r: { Ana: ['Zebra'] },
    w: { Ana: ['lion'] },
    '?': { Ana: [] },
    '!': { Ana: ['zebra'], Ben: ['lion'] },
    '.': {},
  };
  return [...text].map((letter) => ({ answer: 'zebra', opinions: new Map(Object.entries(said[letter]!)) }));
}

describe('the estimate of accuracy', () => {
  test('says nothing before the first review, and how many it takes', () => {
    expect(estimateAccuracy(drawn('...r'), 1000)).toEqual({
      points: [],
      leftOut: 0,
      needed: [
        { margin: 0.05, more: 278 },
        { margin: 0.03, more: 517 },
        { margin: 0.01, more: 906 },
      ],
    });
  });

  test('counts as far as the draw was reviewed without a gap', () => {
    const { points, leftOut } = estimateAccuracy(drawn('rrw?!r.rrrr'), 1_000_000);
    expect(leftOut).toBe(2);
    expect(points.map(({ reviewed, value }) => [reviewed, value])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2 / 3],
      [4, 0.75],
    ]);
    // Wilson's interval of 3 in 4.
    expect(points[3]!.low).toBeCloseTo(0.3006, 3);
    expect(points[3]!.high).toBeCloseTo(0.9544, 3);
  });

  test('knows more the less it leaves out, and all where everything was reviewed', () => {
    const ofMany = estimateAccuracy(drawn('rrrw'.repeat(20)), 1_000_000).points.at(-1)!;
    const ofFew = estimateAccuracy(drawn('rrrw'.repeat(20)), 100).points.at(-1)!;
    expect(ofFew.high - ofFew.low).toBeLessThan((ofMany.high - ofMany.low) / 2);
    expect(estimateAccuracy(drawn('rrrw'), 4).points.at(-1)).toEqual({
      reviewed: 4,
      value: 0.75,
      low: 0.75,
      high: 0.75,
    });
  });

  test('is drawn with as many points as one can see', () => {
    const { points } = estimateAccuracy(drawn('r'.repeat(1000)), 100_000);
    expect(points.length).toBeLessThanOrEqual(60);
    expect(points.at(-1)!.reviewed).toBe(1000);
  });
});
