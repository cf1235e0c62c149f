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

it('classes of a sequence are sorted, each once, and empty only where nothing else was seen', () => {
  expect(sequenceClasses(['zebra', 'Felis catus', 'zebra'], 'nothing')).toEqual(['Felis catus', 'zebra']);
  expect(sequenceClasses(['nothing', 'zebra'], 'nothing')).toEqual(['zebra']);
  expect(sequenceClasses(['nothing', 'nothing'], 'nothing')).toEqual(['nothing']);
  expect(sequenceClasses([], 'nothing')).toEqual([]);
});
