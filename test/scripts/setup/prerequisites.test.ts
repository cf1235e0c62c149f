import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { setupModule, type SetupModules } from './support/modules';

const folder = temporaryFolder();
let modules: SetupModules['prerequisites'];

beforeAll(async () => {
  modules = await setupModule('prerequisites');
});

/** A PATH with these programs, each a shell script. */
function pathWith(programs: Readonly<Record<string, string>>): string {
  const path = join(folder.path, 'bin');
  mkdirSync(path);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return path;
}

function failure(pattern: RegExp): Error {
  return expect.objectContaining({ name: 'SetupFailure', message: expect.stringMatching(pattern) }) as Error;
}

describe('checkNode', () => {
  it.each(['20.19.0', '20.20.2', '22.13.0', '22.20.0', '24.0.0', '24.19.0'])('takes Node %s', (version) => {
    expect(() => modules.checkNode(version)).not.toThrow();
  });

  it.each(['18.20.0', '20.18.9', '21.7.0', '22.12.0', '23.11.0', '25.0.0'])('refuses Node %s', (version) => {
    expect(() => modules.checkNode(version)).toThrow(failure(/^Node \S+ is not supported: install Node 24, .+$/));
  });
});

describe('checkPlatform', () => {
  it.each(['linux-x64', 'linux-arm64'])('takes %s', (platform) => {
    expect(() => modules.checkPlatform(platform)).not.toThrow();
  });

  it.each(['darwin-arm64', 'win32-x64', 'linux-ia32'])('refuses %s', (platform) => {
    expect(() => modules.checkPlatform(platform)).toThrow(failure(/^\S+ is not supported: use Linux on x64 or arm64/));
  });
});

describe('checkLibrary', () => {
  it('refuses a Linux without glibc', () => {
    expect(() => modules.checkLibrary({ getReport: () => ({ header: {} }) })).toThrow(
      failure(/^This Linux has no glibc/),
    );
    expect(() =>
      modules.checkLibrary({ getReport: () => ({ header: { glibcVersionRuntime: '2.36' } }) }),
    ).not.toThrow();
  });
});

describe('requirePython', () => {
  it('finds python3 with pip on PATH', async () => {
    const path = pathWith({ python3: 'exit 0' });
    await expect(modules.requirePython({ PATH: path })).resolves.toBe(join(path, 'python3'));
  });

  it('prefers $PYTHON', async () => {
    const path = pathWith({ python3: 'exit 1', 'python3.13': 'exit 0' });
    const PYTHON = join(path, 'python3.13');
    await expect(modules.requirePython({ PATH: path, PYTHON })).resolves.toBe(PYTHON);
  });

  it.each([
    ['there is none', {}, /^There is no python3 on PATH: install Python 3\.8 or later with pip .+$/],
    ['it is too old', { python3: 'exit 1' }, /^\S+python3 does not run, or is too old: install Python .+$/],
    [
      'it has no pip',
      { python3: '[ "$1" = -c ]' },
      /^\S+python3 has no pip: install Python 3\.8 or later with pip .+$/,
    ],
  ])('says in one line what to install when %s', async (_what, programs, message) => {
    const PATH = pathWith(programs);
    await expect(modules.requirePython({ PATH })).rejects.toThrow(failure(message));
  });
});

describe('requireCompiler', () => {
  it('finds g++, or else clang++', () => {
    const path = pathWith({ 'clang++': '' });
    expect(modules.requireCompiler({ PATH: path })).toEqual([join(path, 'clang++')]);
    writeFileSync(join(path, 'g++'), '', { mode: 0o755 });
    expect(modules.requireCompiler({ PATH: path })).toEqual([join(path, 'g++')]);
  });

  it('prefers $CXX, with its parameters', () => {
    const path = pathWith({ 'g++': '', ccache: '' });
    expect(modules.requireCompiler({ PATH: path, CXX: 'ccache g++' })).toEqual(['ccache', 'g++']);
  });

  it('says in one line what to install', () => {
    expect(() => modules.requireCompiler({ PATH: pathWith({}) })).toThrow(
      failure(/^There is no g\+\+ or clang\+\+ on PATH: install a C\+\+ compiler \(.+\)$/),
    );
  });

  it('says that $CXX is not a program', () => {
    expect(() => modules.requireCompiler({ PATH: pathWith({ 'g++': '' }), CXX: 'zebra++' })).toThrow(
      failure(/^CXX is zebra\+\+, which is not a program: correct it, or unset it and install .+$/),
    );
  });
});

describe('findTemporal', () => {
  it("finds the user's own", async () => {
    const { findTemporal } = await setupModule('temporal');
    const path = pathWith({ temporal: '', other: '' });
    expect(findTemporal({ PATH: path })).toBe(join(path, 'temporal'));
    expect(findTemporal({ PATH: path, TEMPORAL_CLI_PATH: join(path, 'other') })).toBe(join(path, 'other'));
    expect(findTemporal({ PATH: folder.path })).toBeUndefined();
    expect(() => findTemporal({ PATH: path, TEMPORAL_CLI_PATH: '/nowhere' })).toThrow(
      failure(/^TEMPORAL_CLI_PATH is \/nowhere, which is not a program: correct it, or unset it$/),
    );
  });
});

describe('chooseDevice', () => {
  it('takes the GPU where there is one, unless told otherwise', async () => {
    const { chooseDevice } = await setupModule('device');
    const present = (path: string): boolean => path === '/dev/nvidiactl';
    expect(chooseDevice({}, 'linux-x64', () => false)).toBe('cpu');
    expect(chooseDevice({}, 'linux-x64', present)).toBe('gpu');
    expect(chooseDevice({}, 'linux-arm64', present)).toBe('cpu');
    expect(chooseDevice({ SERENGETI_DEVICE: 'cpu' }, 'linux-x64', present)).toBe('cpu');
    expect(chooseDevice({ SERENGETI_DEVICE: 'gpu' }, 'linux-x64', () => false)).toBe('gpu');
    expect(() => chooseDevice({ SERENGETI_DEVICE: 'tpu' }, 'linux-x64', present)).toThrow(
      failure(/^SERENGETI_DEVICE is tpu: expected cpu or gpu$/),
    );
  });
});
