import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findOnPath, isExecutable } from './command.mjs';
import { isEnvironment, makeEnvironment } from './environment.mjs';
import { SetupFailure } from './failure.mjs';
import { pip } from './pip.mjs';

const WHEELS = fileURLToPath(new URL('requirements-python36.txt', import.meta.url));
const SOURCE = fileURLToPath(new URL('requirements-python36-source.txt', import.meta.url));
const REQUIREMENTS = [WHEELS, SOURCE];

/** What pip is told to install for: it runs on another Python than the one that it installs for. */
const CONTAINER = [
  ...['--python-version', '3.6', '--implementation', 'cp', '--abi', 'cp36m', '--abi', 'abi3', '--abi', 'none'],
  ...['manylinux1', 'manylinux2010', 'manylinux2014'].flatMap((name) => ['--platform', `${name}_x86_64`]),
  ...['--platform', 'any'],
];

/**
 * A Python 3.6, the version of the competition's container: $PYTHON36, one that pyenv keeps, or python3.6 on PATH.
 * TensorFlow 1.14 was published for Linux on x64 only.
 *
 * @returns {string | undefined}
 */
export function findPython36(env = process.env, platform = `${process.platform}-${process.arch}`) {
  if (platform !== 'linux-x64') return undefined;
  if (env.PYTHON36) return env.PYTHON36;
  const versions = join(env.PYENV_ROOT || join(env.HOME || homedir(), '.pyenv'), 'versions');
  const kept = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith('3.6.')) : [];
  const fromPyenv = kept.map((name) => join(versions, name, 'bin', 'python3.6')).find(isExecutable);
  // pyenv's shims are on PATH for every version that it keeps, and start none that is not chosen.
  const path = (env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith('/shims'));
  return fromPyenv ?? findOnPath('python3.6', path.join(delimiter));
}

/** @param {string} folder of the virtual environment */
export function isPython36Installed(folder) {
  return isEnvironment(folder, REQUIREMENTS);
}

/**
 * The competition's container for the tests: Python 3.6 with TensorFlow 1.14 and what else main.py may use there.
 *
 * @param {string} folder
 * @param {{ python: string, progress: import('./progress.mjs').Progress }} context `python` installs
 * @param {string} interpreter a Python 3.6
 */
export async function installPython36(folder, { python, progress }, interpreter) {
  await makeEnvironment(folder, { interpreter, version: '3.6', requirements: REQUIREMENTS }, async (target) => {
    progress.line('downloading and installing, about 150 MB …');
    const options = ['install', '--no-deps', '--no-compile', '--require-hashes', '--target', target];
    await install([
      ...options,
      '--only-binary=:all:',
      '--ignore-requires-python',
      ...CONTAINER,
      '--requirement',
      WHEELS,
    ]);
    await install([...options, '--no-binary=:all:', '--requirement', SOURCE]);
  });

  async function install(parameters) {
    const { ok, error } = await pip(python, parameters);
    if (!ok) throw new SetupFailure(`The packages of Python 3.6 could not be installed: ${error}`);
  }
}
