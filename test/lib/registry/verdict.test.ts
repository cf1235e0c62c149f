import type { Comparison } from '../../../lib/contracts/registry';
import { runInputSchema } from '../../../lib/contracts/runInput';
import { incomparable, judge as judgeBy, seasonsMore } from '../../../lib/registry';
import { estimateMean } from '../../../lib/model/metrics/estimate';
import { SimulatedSites } from '../model/metrics/support/simulatedSites';
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

const BY_DEFAULT = runInputSchema.parse({}).promotion;
const judge = (rest: Comparison) => judgeBy(rest, BY_DEFAULT, []);

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
    ['is no number', NaN, NaN],
  ])('keeps the champion where it %s', (_, low, high) => {
    const { promote, reason } = judge(comparison(low, high));
    expect(promote).toBe(false);
    expect(reason).toContain('which may be chance');
  });

  it('promotes one of two equal models in at most 5 % of 200 ties', () => {
    const simulation = new SimulatedSites(2);
    let promoted = 0;
    for (let tie = 0; tie < 200; tie++) {
      const { values, sites } = simulation.draw('difference', 4 + (tie % 20));
      const { low, high } = estimateMean({ values, sites, scale: 'difference' })!;
      if (judge(comparison(low, high)).promote) promoted++;
    }
    expect(promoted).toBeLessThanOrEqual(10);
  });

  it('says that a model is worse where the interval lies above zero', () => {
    const { promote, reason } = judge(comparison(0.001, 0.003));
    expect(promote).toBe(false);
    expect(reason).toMatch(/to \+0.00300: it is worse\.$/);
  });

  it('lets a model that learned from more be worse by a margin, where the policy has one', () => {
    const policy = { ...BY_DEFAULT, margin: 0.002 };
    const alike = comparison(-0.001, 0.0015);
    expect(judgeBy(alike, policy, [])).toMatchObject({ promote: false });
    expect(judgeBy(alike, BY_DEFAULT, ['S3'])).toMatchObject({ promote: false });
    expect(judgeBy(comparison(-0.001, 0.002), policy, ['S3'])).toMatchObject({ promote: false });
    expect(judgeBy(comparison(NaN, NaN), policy, ['S3'])).toMatchObject({ promote: false });
    const { promote, reason } = judgeBy(alike, policy, ['S3']);
    expect(promote).toBe(true);
    expect(reason).toMatch(/not worse by 0.00200, and it also learned from S3\.$/);
  });

  it('guards such a model like any other', () => {
    const fewer = { ...difference(-0.001, 0.0015), animalsAmongAsMany: { first: 0.8, second: 0.6 } };
    const policy = { ...BY_DEFAULT, margin: 0.002 };
    const { promote, reason } = judgeBy(comparison(0, 0, { difference: fewer }), policy, ['S3']);
    expect(promote).toBe(false);
    expect(reason).toContain('60.0 % instead of 80.0 %');
  });

  it('guards as closely as the policy says', () => {
    const fewer = { ...difference(-0.003, -0.001), sequences: 4000, animalsAmongAsMany: { first: 0.8, second: 0.75 } };
    const verdict = (tolerance: number) =>
      judgeBy(comparison(0, 0, { difference: fewer }), { ...BY_DEFAULT, tolerance }, []);
    expect(verdict(0.02).promote).toBe(false);
    expect(verdict(0.06).promote).toBe(true);
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

test('a model learned from more where it had all seasons of the champion and others', () => {
  const champion = { trainSeasons: ['S1', 'S2'] };
  expect(seasonsMore({ trainSeasons: ['S1', 'S2', 'S4'] }, champion)).toEqual(['S4']);
  expect(seasonsMore({ trainSeasons: ['S2', 'S3', 'S4'] }, champion)).toEqual([]);
  expect(seasonsMore(champion, champion)).toEqual([]);
});
