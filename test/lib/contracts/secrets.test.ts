import { parseWith } from '../../../lib/contracts/validate';
import { catalogSchema } from '../../../lib/contracts/catalog';
import { withoutSecrets } from '../../../lib/contracts/secrets';

describe('addresses in messages', () => {
  it.each([
    ['https://a.example/x/?sv=1&sig=abc%3D answered 403', 'https://a.example/x/?… answered 403'],
    ['redirects to "https://a.example/x?sig=abc", last', 'redirects to "https://a.example/x?…", last'],
    ['http://me:pass@a.example/x: refused', 'http://a.example/x: refused'],
    ['https://a.example/x and http://b.example:80/?a', 'https://a.example/x and http://b.example:80/?…'],
    ['is this a question? yes', 'is this a question? yes'],
  ])('%s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  it('are shown in the problems of a catalog without what gives access', () => {
    const mirrors = [{ name: 'azure', url: 'https://me:pass@a.example/x?sig=abc' }];
    expect(() => parseWith(catalogSchema, { mirrors }, 'CATALOG_INVALID', 'https://a.example/c.json?sig=abc')).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/abc|pass/) }),
    );
  });
});
