import { comparisonPage, type ModelComparison } from '../../../lib/report';
import { candidate, difference } from '../registry/support';
import { imaginedValidation } from './support/validation';

function comparison(change: Partial<ModelComparison> = {}): ModelComparison {
  const contender = (name: string, seed: number, epochs: number) => {
    const model = candidate(name, { train: name === 'm1' ? ['S1'] : ['S1', 'S3'] });
    const training = { ...model.input.training, epochs };
    return {
      model: { ...model, input: { ...model.input, training }, name, registeredAt: '2026-03-04T05:06:07.000Z' },
      result: { ...imaginedValidation({ seed }), logLoss: { value: 0.03 / seed, low: 0.01, high: 0.05 } },
    };
  };
  return {
    first: contender('m1', 1, 30),
    second: contender('m2', 2, 7),
    difference: difference(-0.03, -0.001),
    ...change,
  };
}

function page(change?: Partial<ModelComparison>): string {
  return comparisonPage(comparison(change));
}

describe('the page that compares two models', () => {
  it('says which is better by how much, and which options differ', () => {
    const text = page();
    expect(text).toContain('m2 is better: log loss 0.0150 beside 0.0300 of m1');
    expect(text).toContain('training.epochs');
    expect(text).toContain('S1, S3');
    expect(text).toContain('2026-03-04 05:06 UTC');
  });

  it('calls neither better where the difference may be chance, and shows its interval', () => {
    const text = page({ difference: difference(-0.031, 0.0011) });
    expect(text).toContain('Nothing shows that m1 or m2 is better');
    expect(text).toContain('−0.0310 to +0.0011');
  });

  it('gives no verdict on different frames, and says why', () => {
    const { difference: _, ...apart } = comparison();
    const text = comparisonPage(apart);
    expect(text).toContain('m1 and m2 were judged on different frames');
    expect(text).not.toContain('is better');
  });

  it('warns where one was trained on what the other is judged by', () => {
    const { first, second } = comparison();
    const [season] = first.result.seasons;
    const trained = { ...second, model: { ...second.model, trainSeasons: [season!] } };
    expect(page({ second: trained })).toContain(`m2 was trained on ${season}, which m1 is judged by.`);
  });

  it('lets no name become markup', () => {
    const { first } = comparison();
    const text = page({ first: { ...first, model: { ...first.model, catalog: '<script>alert(1)</script>' } } });
    expect(text).not.toContain('<script>alert(1)');
  });
});
