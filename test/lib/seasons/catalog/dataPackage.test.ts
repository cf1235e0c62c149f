import { PackageDescriptor } from '../../../../lib/seasons';
import { camtrapDpTables } from '../../../../lib/seasons/catalog/dataPackage';

const TABLES = ['deployments', 'media', 'observations'];
const descriptorOf = (paths: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ resources: Object.entries(paths).map(([name, path]) => ({ name, path })) });

const refusal = (message: string) =>
  expect.objectContaining({ code: 'METADATA_INVALID', message: expect.stringContaining(message) });

describe('the descriptor of a data package', () => {
  it('tells where a resource is, also one whose path is a list of one', () => {
    const descriptor = new PackageDescriptor(descriptorOf({ media: ['data/media.csv'] }), 'datapackage.json');
    expect(descriptor.pathOf('media')).toBe('data/media.csv');
  });

  it('may have resources whose data it holds itself, as the standard’s example does', () => {
    const resources = [
      { name: 'media', path: 'media.csv' },
      { name: 'individuals', data: [{ id: 1 }] },
    ];
    const descriptor = new PackageDescriptor(JSON.stringify({ resources }), 'datapackage.json');
    expect(descriptor.pathOf('media')).toBe('media.csv');
    expect(() => descriptor.pathOf('individuals')).toThrow(refusal('"individuals" has no path to a file'));
  });

  it('of an older version is named as such', () => {
    const profile = (version: string) =>
      `https://raw.githubusercontent.com/tdwg/camtrap-dp/${version}/camtrap-dp-profile.json`;
    const read = (version: string) =>
      new PackageDescriptor(
        JSON.stringify({ profile: profile(version), resources: [{ name: 'media', path: 'media.csv' }] }),
        'datapackage.json',
      );
    expect(() => read('0.1.6')).toThrow(refusal('datapackage.json is of Camtrap DP 0.1.6; version 1 is read'));
    expect(read('1.0.2').pathOf('media')).toBe('media.csv');
  });

  it.each<[string, string, string]>([
    ['that is no JSON', '{"resources":[}', 'own/datapackage.json, line 1, column 15: not JSON'],
    ['without resources', '{"resources":[]}', 'own/datapackage.json has one problem:\n  - resources'],
    ['without the table', descriptorOf({ sites: 'sites.csv' }), 'has no resource "media"; it has sites'],
    ['of a table in pieces', descriptorOf({ media: ['1.csv', '2.csv'] }), 'resources.0.path'],
    [
      'of a table elsewhere',
      descriptorOf({ media: 'https://example.org/media.csv' }),
      'must be a file beside it, not an address',
    ],
    ['of a table outside', descriptorOf({ media: '../media.csv' }), 'must not contain "." or "..", got "../media.csv"'],
    ['of an absolute table', descriptorOf({ media: '/etc/passwd' }), 'must be relative, got "/etc/passwd"'],
  ])('is refused %s', (_, content, message) => {
    expect(() => new PackageDescriptor(content, 'own/datapackage.json').pathOf('media')).toThrow(refusal(message));
  });
});

describe('the tables of a Camtrap DP package', () => {
  const paths = { deployments: 'deployments.csv', media: 'csv/media.csv', observations: 'csv/observations.csv' };

  it('lie where the descriptor lies; what else is in the package is not asked for', () => {
    const content = descriptorOf({ ...paths, photographs: 'https://example.org/photographs.csv' });
    expect(camtrapDpTables(content, 'S1/datapackage.json')).toEqual([
      'S1/deployments.csv',
      'S1/csv/media.csv',
      'S1/csv/observations.csv',
    ]);
    expect(camtrapDpTables(content, 'datapackage.json')[0]).toBe('deployments.csv');
  });

  it('have names of their own: they are kept side by side', () => {
    const content = descriptorOf(Object.fromEntries(TABLES.map((name) => [name, `${name}/data.csv`])));
    expect(() => camtrapDpTables(content, 'S1/datapackage.json')).toThrow(refusal('have the same name'));
  });
});
