import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

const REQUIREMENTS = fileURLToPath(new URL('requirements-python.txt', import.meta.url));

/** @param {string} folder of the virtual environment */
export function isPythonInstalled(folder) {
  try {
    return readFileSync(join(folder, 'stamp'), 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

/**
 * Makes a Python virtual environment of the pinned requirements, beside its place and then renamed into it.
 *
 * @param {string} folder
 * @param {{ python: string, progress: import('./progress.mjs').Progress }} context
 */
export async function installPython(folder, { python, progress }) {
  const version = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const [major, minor] = version.output.trim().split('.').map(Number);
  if (major !== 3 || minor < 10 || minor > 13) {
    throw new SetupFailure(
      `The tests need Python 3.10 to 3.13, and ${python} is ${version.output.trim()}: set PYTHON to another one`,
    );
  }
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    // Without a pip of its own, an environment needs nothing that Debian keeps in a separate package, and works under
    // another name; pip's --target installs into it from outside.
    await step(python, ['-m', 'venv', '--without-pip', partial], 'The virtual environment could not be made');
    for (const name of await readdir(join(partial, 'bin'))) {
      if (/^activate/i.test(name)) await rm(join(partial, 'bin', name)); // they hold the temporary path
    }
    progress.line('Python packages for the tests: about 400 MB to download');
    const target = join(partial, 'lib', `python${major}.${minor}`, 'site-packages');
    await step(
      python,
      ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--only-binary=:all:'].concat(
        ['--require-hashes', '--requirement', REQUIREMENTS, '--target', target],
      ),
      'The Python packages for the tests could not be installed',
    );
    await writeFile(join(partial, 'stamp'), fingerprint());
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function step(program, parameters, complaint) {
  const { ok, status, output } = await run(program, parameters);
  if (!ok) throw new SetupFailure(`${complaint}: ${output.trim().split('\n').at(-1) || status}`);
}

function fingerprint() {
  return createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
}
