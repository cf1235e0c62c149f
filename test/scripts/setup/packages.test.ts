import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { ROOT, setupModule, type SetupModules } from './support/modules';

const folder = temporaryFolder();
let modules: SetupModules['packages'];

beforeAll(async () => {
  modules = await setupModule('packages');
});

const LOCK = {
  '': { version: '0.1.0' },
  'node_modules/zebra': { version: '1.0.0', integrity: 'sha512-z' },
  'node_modules/zebra-darwin': { version: '1.0.0', integrity: 'sha512-d', optional: true },
};

function write({ lock = LOCK, installed }: { lock?: object; installed?: object }): void {
  writeFileSync(join(folder.path, 'package-lock.json'), JSON.stringify({ packages: lock }));
  rmSync(join(folder.path, 'node_modules'), { recursive: true, force: true });
  mkdirSync(join(folder.path, 'node_modules'));
  if (installed === undefined) return;
  writeFileSync(join(folder.path, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
}

describe('arePackagesInstalled', () => {
  const zebra = LOCK['node_modules/zebra'];

  it.each([
    ['all is there but what is for other platforms', true, { 'node_modules/zebra': zebra }],
    ['there is more', true, { 'node_modules/zebra': zebra, 'node_modules/own': { version: '1.0.0' } }],
    ['npm was interrupted', false, undefined],
    ['a package is missing', false, {}],
    ['a package is of another version', false, { 'node_modules/zebra': { ...zebra, version: '2.0.0' } }],
    ['a package is of another source', false, { 'node_modules/zebra': { ...zebra, integrity: 'sha512-q' } }],
  ])('when %s: %s', (_what, expected, installed) => {
    write(installed === undefined ? {} : { installed });
    expect(modules.arePackagesInstalled(folder.path)).toBe(expected);
  });

  it('is true of this clone', () => {
    expect(modules.arePackagesInstalled(ROOT)).toBe(true);
  });
});
