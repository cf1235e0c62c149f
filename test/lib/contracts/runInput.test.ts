import fc from 'fast-check';
import { runInputSchema } from '../../../lib/contracts/runInput';
import { parseWith } from '../../../lib/contracts/validate';

const parse = (input: unknown) => parseWith(runInputSchema, input, 'INPUT_INVALID', 'The input');

describe('the input of a run', () => {
  it.each([
    [{ acquire: 'frames' }, '"acquire" is now "frameSource": "extracted" or "mirrors"'],
    [{ unzip: 'in-place' }, '"unzip" is now "frameSource": "extracted" or "archives"'],
    [{ keepArchives: false }, '"keepArchives" is now "keepFetched"'],
    [{ keepFrames: true }, '"keepFrames" is now "keepFetched"'],
  ])('%j is answered with the name of today', (input, message) => {
    expect(() => parse(input)).toThrow(message);
  });

  it('names fields that there never were, beside those that are called otherwise now', () => {
    expect(() => parse({ colour: 'red', unzip: 'extract' })).toThrow(/unknown: "colour", "unzip"; "unzip" is now/);
  });

  it('cannot discard the archives that frames are read from', () => {
    expect(() => parse({ frameSource: 'archives', keepFetched: false })).toThrow(
      'keepFetched: cannot be false where `frameSource` is "archives": frames are read from them, got false',
    );
    expect(parse({ frameSource: 'archives' })).not.toHaveProperty('keepFetched');
  });

  it('is taken or refused with a code, whatever it is', () => {
    const names = fc.constantFrom(...Object.keys(runInputSchema.shape), '__proto__', 'unknown');
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue()), fc.constant(undefined));
    const refusals = { code: 'INPUT_INVALID', message: expect.stringMatching(/^The input/) as string };
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(names, value), value), (input) => {
        let refused: unknown = refusals;
        try {
          parse(input);
        } catch (error) {
          refused = error;
        }
        expect(refused).toMatchObject(refusals);
      }),
      { numRuns: Number(process.env.SERENGETI_FUZZ_RUNS ?? 500), seed: Number(process.env.SERENGETI_FUZZ_SEED ?? 1) },
    );
  });
});
