import { LabelMapping, sequenceClasses } from '../../../lib/metadata/labels';

const CATALOG = {
  classes: ['zebra', 'Felis catus', 'nothing'],
  emptyClass: 'nothing',
  classMapping: { human: null, 'Cat ': 'Felis catus', burro: 'zebra' },
};

describe('a label', () => {
  it.each([
    ['zebra', 'zebra'],
    [' ZEBRA', 'zebra'],
    ['felis catus', 'Felis catus'],
    ['CAT', 'Felis catus'],
    ['Burro', 'zebra'],
    ['nothing', 'nothing'],
    ['blank', 'nothing'],
    ['empty', 'nothing'],
    ['Human', null],
  ])('%j means %j', (label, className) => {
    expect(new LabelMapping(CATALOG).meaning(label)).toEqual({ className });
  });

  it('may be unknown', () => {
    expect(new LabelMapping(CATALOG).meaning('quagga')).toBe('unknown');
  });

  it('is what the catalog says even where formats agree on something else', () => {
    const mapping = new LabelMapping({ ...CATALOG, classMapping: { blank: null } });

    expect(mapping.meaning('blank')).toEqual({ className: null });
  });
});

test.each(['unclassified', 'Unknown', 'NA', 'n/a', ' nan '])('%j says that nobody looked', (label) => {
  expect(new LabelMapping(CATALOG).meaning(label)).toBe('undetermined');
  expect(new LabelMapping({ ...CATALOG, classMapping: { [label]: 'zebra' } }).meaning(label)).toEqual({
    className: 'zebra',
  });
});

describe('the classes of a sequence', () => {
  const classes = (...names: readonly (string | null)[]) =>
    sequenceClasses(
      names.map((name) => (name === '?' ? 'undetermined' : { className: name })),
      'nothing',
    );

  it('are none, and it is left out, where one of its labels wants that', () => {
    expect(classes(null)).toEqual([]);
    expect(classes(null, 'nothing')).toEqual([]);
    expect(classes(null, 'zebra')).toEqual([]);
  });

  it('are not "empty" where somebody could not tell', () => {
    expect(classes('?')).toEqual([]);
    expect(classes('?', 'nothing')).toEqual([]);
    expect(classes('?', 'zebra')).toEqual(['zebra']);
  });

  it('are sorted, each once, and empty only where nothing else was seen', () => {
    expect(classes('zebra', 'Felis catus', 'zebra')).toEqual(['Felis catus', 'zebra']);
    expect(classes('nothing', 'zebra')).toEqual(['zebra']);
    expect(classes('nothing', 'nothing')).toEqual(['nothing']);
    expect(classes()).toEqual([]);
  });
});
