import { fileURLToPath } from 'node:url';

import { run } from './command.mjs';
import { isEnvironment, makeEnvironment } from './environment.mjs';
import { SetupFailure } from './failure.mjs';
import { pip } from './pip.mjs';

const REQUIREMENTS = fileURLToPath(new URL('requirements-python.txt', import.meta.url));

/** @param {string} folder of the virtual environment */
export function isPythonInstalled(folder) {
  return isEnvironment(folder, [REQUIREMENTS]);
}

/**
 * The Python of the tests: a virtual environment of the pinned requirements.
 *
 * @param {string} folder
 * @param {{ python: string, progress: import('./progress.mjs').Progress }} context
 */
export async function installPython(folder, { python, progress }) {
  const found = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const version = found.output.trim();
  const [major, minor] = version.split('.').map(Number);
  if (major !== 3 || minor < 10 || minor > 13) {
    throw new SetupFailure(
      `The tests need Python 3.10 to 3.13, and ${python} is ${version}: set PYTHON to another one`,
    );
  }
  await makeEnvironment(folder, { interpreter: python, version, requirements: [REQUIREMENTS] }, async (target) => {
    progress.line('downloading and installing, about 400 MB …');
    const { ok, error } = await pip(python, [
      ...['install', '--only-binary=:all:', '--no-compile', '--require-hashes'],
      ...['--requirement', REQUIREMENTS, '--target', target],
    ]);
    if (!ok) throw new SetupFailure(`The Python packages for the tests could not be installed: ${error}`);
  });
}
