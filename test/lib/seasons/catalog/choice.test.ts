import { catalogSchema, type Catalog } from '../../../../lib/contracts/catalog';
import { chooseSeasons } from '../../../../lib/seasons';

function catalogOf(ids: readonly string[], split?: Catalog['split']): Catalog {
  return catalogSchema.parse({
    name: 'own',
    mirrors: [{ name: 'disk', url: 'file:///data/' }],
    classes: ['empty', 'zebra'],
    seasons: ids.map((id) => ({ id, archives: [], metadata: { format: 'coco-camera-traps', path: `${id}.json` } })),
    ...(split === undefined ? {} : { split }),
  });
}

describe('chooseSeasons', () => {
  const catalog = catalogOf(['S1', 'S2', 'S3']);

  test('without a wish the last season validates', () => {
    expect(chooseSeasons(catalog)).toEqual({ train: ['S1', 'S2'], validation: ['S3'] });
  });

  test('a catalog may propose otherwise', () => {
    const proposing = catalogOf(['S1', 'S2', 'S3'], { train: ['S3'], validation: ['S1'] });
    expect(chooseSeasons(proposing)).toEqual({ train: ['S3'], validation: ['S1'] });
  });

  test('a side that was not asked for gives way', () => {
    expect(chooseSeasons(catalog, { validationSeasons: ['S1'] })).toEqual({ train: ['S2'], validation: ['S1'] });
    expect(chooseSeasons(catalog, { trainSeasons: ['S3'] })).toEqual({ train: ['S3'], validation: ['S2'] });
    expect(chooseSeasons(catalog, { trainSeasons: ['S1'], validationSeasons: ['S2'] })).toEqual({
      train: ['S1'],
      validation: ['S2'],
    });
  });

  test('everything wrong is listed at once', () => {
    const choose = (): unknown =>
      chooseSeasons(catalog, { trainSeasons: ['S1', 'S9', 'S2', 'S2'], validationSeasons: ['S1', 's3'] });
    expect(choose).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(choose).toThrow(
      [
        'The choice of seasons does not fit the catalog "own", which has S1, S2, S3:',
        '  - trainSeasons: the catalog has no season "S9"',
        '  - trainSeasons: "S2" occurs twice',
        '  - validationSeasons: the catalog has no season "s3"',
        '  - "S1" is both in trainSeasons and in validationSeasons',
      ].join('\n'),
    );
  });

  test('one season is too few to validate on another', () => {
    expect(() => chooseSeasons(catalogOf(['S1']))).toThrow(/validationSeasons: no season is left/);
    expect(() => chooseSeasons(catalog, { trainSeasons: ['S1', 'S2', 'S3'] })).toThrow(
      /validationSeasons: no season is left/,
    );
    expect(() => chooseSeasons(catalog, { trainSeasons: [] })).toThrow(/trainSeasons: no season is left/);
  });
});
