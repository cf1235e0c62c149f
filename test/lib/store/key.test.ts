import { artifactId, canonicalJson, type Recipe } from '../../../lib/store';

const recipe: Recipe = {
  kind: 'pick',
  step: 'pickFrames',
  version: 1,
  params: { seed: 1, frames: { keepEmpties: 0.1, perSequence: 'first' } },
  inputs: [{ kind: 'index', key: 'a'.repeat(64) }],
};

describe('an artifact key', () => {
  it('is the same for equal recipes, whatever the order of their fields', () => {
    const reordered = { ...recipe, params: { frames: { perSequence: 'first', keepEmpties: 0.1 }, seed: 1 } };
    expect(artifactId(reordered)).toEqual(artifactId(recipe));
    expect(artifactId(recipe).key).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a parameter', { params: { ...recipe.params, seed: 2 } }],
    ['the version of the step', { version: 2 }],
    ['the step', { step: 'pickOthers' }],
    ['an input', { inputs: [{ kind: 'index', key: 'b'.repeat(64) }] as const }],
    ['the number of inputs', { inputs: [] }],
  ])('changes with %s', (_what, change) => {
    expect(artifactId({ ...recipe, ...change }).key).not.toBe(artifactId(recipe).key);
  });

  it('does not depend on where an input lies or what its summary says', () => {
    const located = { ...recipe.inputs[0]!, uri: 'file:///elsewhere/', bytes: 5, summary: { rows: 3 } };
    expect(artifactId({ ...recipe, inputs: [located] })).toEqual(artifactId(recipe));
  });

  it('treats an absent parameter and an undefined one alike', () => {
    expect(artifactId({ ...recipe, params: { ...recipe.params, cap: undefined } })).toEqual(artifactId(recipe));
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},3]}');
  });
});
