import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { setupModule, type SetupModules } from './support/modules';

const folder = temporaryFolder();
let find: SetupModules['python36']['findPython36'];

beforeAll(async () => {
  find = (await setupModule('python36')).findPython36;
});

/** A program below the test's folder that can be started. */
function program(path: string): string {
  const file = join(folder.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

function environment(path: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { HOME: folder.path, PATH: join(folder.path, path), ...more };
}

describe('a Python 3.6 for the competition’s container', () => {
  it('is none where there is none, or no TensorFlow 1.14 for the machine', () => {
    expect(find(environment('bin'), 'linux-x64')).toBeUndefined();
    program('bin/python3.6');
    expect(find(environment('bin'), 'linux-arm64')).toBeUndefined();
  });

  it('is the one that is named', () => {
    program('bin/python3.6');
    expect(find(environment('bin', { PYTHON36: '/opt/python3.6' }), 'linux-x64')).toBe('/opt/python3.6');
  });

  it('is one that pyenv keeps, rather than its shim', () => {
    const kept = program('.pyenv/versions/3.6.15/bin/python3.6');
    program('.pyenv/shims/python3.6');
    expect(find(environment('.pyenv/shims'), 'linux-x64')).toBe(kept);
  });

  it('is never a shim that starts nothing', () => {
    program('shims/python3.6');
    expect(find(environment('shims'), 'linux-x64')).toBeUndefined();
  });

  it('is the one on PATH', () => {
    const found = program('bin/python3.6');
    expect(find(environment('bin'), 'linux-x64')).toBe(found);
  });
});
