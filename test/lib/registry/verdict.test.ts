import { incomparable, judge } from '../../../lib/registry';
import type { Comparison } from '../../../lib/contracts/registry';
import { difference, score } from './support';

const comparison = (low: number, high: number, rest: Partial<Comparison> = {}): Comparison => ({
  challenger: 'm2',
  champion: 'm1',
  pick: 'p',
  challengerScore: score(0.018),
  championScore: score(0.02),
  difference: difference(low, high),
  earlierUses: 0,
  ...rest,
});

describe('the rule of promotion', () => {
  it('asks for a difference whose interval lies below zero', () => {
    expect(judge(comparison(-0.003, -0.001))).toEqual({
      promote: true,
      reason:
        'Log loss 0.01800 beside 0.02000 of m1 on the same 90 held-out sequences: a difference of −0.00200, ' +
        '95 % over 7 sites: −0.00300 to −0.00100.',
    });
  });

  it.each([
    ['reaches zero', -0.004, 0],
    ['lies on both sides of it', -0.005, 0.001],
    ['lies above it', 0.001, 0.003],
    ['is no number', NaN, NaN],
  ])('keeps the champion where it %s', (_, low, high) => {
    const { promote, reason } = judge(comparison(low, high));
    expect(promote).toBe(false);
    expect(reason).toContain('which may be chance');
  });

  it('keeps the champion where fewer animals are found or rare classes are lost, whatever the log loss', () => {
    const challengerScore = { ...score(0.018), macroAveragePrecision: 0.5 };
    const fewer = { ...difference(-0.003, -0.001), animalsAmongAsMany: { first: 0.8, second: 0.6 } };
    const { promote, reason } = judge(comparison(0, 0, { challengerScore, difference: fewer }));
    expect(promote).toBe(false);
    expect(reason).toContain('60.0 % instead of 80.0 % of the animals are among as many sequences');
    expect(reason).toContain('50.0 % instead of 70.0 % is the macro average precision');
  });

  it('takes a fall for chance that so few sequences make', () => {
    const fewer = { ...difference(-0.003, -0.001), sequences: 40, animalsAmongAsMany: { first: 0.8, second: 0.7 } };
    expect(judge(comparison(0, 0, { difference: fewer })).promote).toBe(true);
    expect(judge(comparison(0, 0, { difference: { ...fewer, sequences: 4000 } })).promote).toBe(false);
  });

  it('advises a fresh season where these have decided often', () => {
    expect(judge(comparison(-0.003, -0.001, { earlierUses: 5 })).reason).toContain(
      'These held-out seasons have decided 5 comparisons before: hold out a fresh season.',
    );
  });
});

describe('two models can be compared', () => {
  const classes = ['empty', 'lion'];
  const challenger = { name: 'm2', validationSeasons: ['S2', 'S3'], classes };

  it('unless the champion was trained on what the challenger is judged by', () => {
    expect(incomparable(challenger, { name: 'm1', trainSeasons: ['S1', 'S3'], classes })).toBe(
      'm1 was trained on S3, which m2 is judged by: its score there would mean nothing.',
    );
    expect(incomparable(challenger, { name: 'm1', trainSeasons: ['S1'], classes })).toBeUndefined();
  });

  it('unless they tell other classes apart; their order is of no account', () => {
    const champion = { name: 'm1', trainSeasons: ['S1'] };
    expect(incomparable(challenger, { ...champion, classes: ['empty', 'zebra'] })).toBe(
      'm1 tells other classes apart: lion, zebra.',
    );
    expect(incomparable(challenger, { ...champion, classes: ['lion', 'empty'] })).toBeUndefined();
  });
});
