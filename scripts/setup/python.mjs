import { fileURLToPath } from 'node:url';

import { run } from './command.mjs';
import { isEnvironment, makeEnvironment } from './environment.mjs';
import { SetupFailure } from './failure.mjs';
import { pip } from './pip.mjs';

/** What the virtual environments hold, by whom they are for: files of pinned packages. */
export const REQUIREMENTS = {
  tests: fileURLToPath(new URL('requirements-python.txt', import.meta.url)),
  measurements: fileURLToPath(new URL('requirements-bench.txt', import.meta.url)),
};

/**
 * @param {string} folder of the virtual environment
 * @param {string} requirements of {@link REQUIREMENTS}
 */
export function isPythonInstalled(folder, requirements) {
  return isEnvironment(folder, [requirements]);
}

/**
 * A virtual environment of pinned packages.
 *
 * @param {string} folder
 * @param {string} requirements of {@link REQUIREMENTS}
 * @param {{ python: string, progress: import('./progress.mjs').Progress }} context
 */
export async function installPython(folder, requirements, { python, progress }) {
  const found = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const version = found.output.trim();
  const [major, minor] = version.split('.').map(Number);
  if (major !== 3 || minor < 10 || minor > 13) {
    throw new SetupFailure(
      `Tests and measurements need Python 3.10 to 3.13, and ${python} is ${version}: set PYTHON to another one`,
    );
  }
  await makeEnvironment(folder, { interpreter: python, version, requirements: [requirements] }, async (target) => {
    progress.line('downloading and installing, about 400 MB …');
    const { ok, error } = await pip(python, [
      ...['install', '--only-binary=:all:', '--no-compile', '--require-hashes'],
      ...['--requirement', requirements, '--target', target],
    ]);
    if (!ok) throw new SetupFailure(`The packages of ${requirements} could not be installed: ${error}`);
  });
}
