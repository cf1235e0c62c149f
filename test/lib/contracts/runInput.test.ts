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
});
