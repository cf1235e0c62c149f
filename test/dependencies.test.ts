import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../lib/io/home';

interface Package {
  readonly dev?: boolean;
  readonly license?: string;
  readonly integrity?: string;
}

/** Ask for no more than that notices are kept. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Unlicense'];

/** What the lockfile calls otherwise, by what was read in the package. */
const LOOKED_AT = [
  /^caniuse-lite$/, // CC-BY-4.0, a table
  /^h5wasm$/, // NIST's, to be used by anybody who keeps the notice
  /^unionfs$/, // Unlicense, in the package's text
  /^@img\/sharp-(libvips|wasm32|win32)/, // LGPL-3.0: libvips, a library that is loaded and may be exchanged
];

const { packages } = JSON.parse(readFileSync(join(projectRoot(), 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Package>>;
};
const production = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .map(([path, facts]) => ({ name: path.replace(/^.*node_modules\//, ''), ...facts }));

describe('every package that the product needs', () => {
  it('has a permissive licence, or one that was looked at', () => {
    const isPermissive = (licence = 'none'): boolean =>
      licence.split(/ AND |[()]/).every((part) => part === '' || PERMISSIVE.includes(part));
    const others = production.filter(({ name, license }) => {
      return !isPermissive(license) && !LOOKED_AT.some((pattern) => pattern.test(name));
    });
    expect(others).toEqual([]);
  });

  it('is pinned by a digest', () => {
    expect(production.filter(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });
});
