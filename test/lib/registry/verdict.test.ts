import { incomparable, judge } from '../../../lib/registry';
import { score } from './support';

describe('the rule of promotion', () => {
  it('asks for a smaller log loss; equal is not enough', () => {
    const champion = { name: 'm1', score: score(0.02) };
    expect(judge({ name: 'm2', score: score(0.0199) }, champion)).toEqual({
      promote: true,
      reason: 'Log loss 0.01990, below 0.02000 of m1 on the same 100 held-out frames.',
    });
    expect(judge({ name: 'm2', score: score(0.02) }, champion).promote).toBe(false);
    expect(judge({ name: 'm2', score: score(NaN) }, champion).promote).toBe(false);
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
