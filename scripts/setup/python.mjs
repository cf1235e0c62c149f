import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './command.mjs';
import { SetupFailure } from './failure.mjs';
import { pip } from './pip.mjs';

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
    // Without a pip of its own the environment needs nothing that Debian keeps in a package apart, and nothing in it
    // knows its path; pip's --target installs into it from outside.
    const venv = await run(python, ['-m', 'venv', '--without-pip', partial]);
    if (!venv.ok) throw new SetupFailure(`${python} cannot make a virtual environment: ${venv.output.trim()}`);
    for (const name of await readdir(join(partial, 'bin'))) {
      if (/^activate/i.test(name)) await rm(join(partial, 'bin', name)); // but these hold the temporary path
    }
    progress.line('downloading and installing, about 400 MB …');
    const target = join(partial, 'lib', `python${major}.${minor}`, 'site-packages');
    const { ok, error } = await pip(python, [
      ...['install', '--only-binary=:all:', '--no-compile', '--require-hashes'],
      ...['--requirement', REQUIREMENTS, '--target', target],
    ]);
    if (!ok) throw new SetupFailure(`The Python packages for the tests could not be installed: ${error}`);
    await writeFile(join(partial, 'stamp'), fingerprint());
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function fingerprint() {
  return createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
}
