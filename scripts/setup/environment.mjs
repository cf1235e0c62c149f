import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

/**
 * Whether a virtual environment is there, whole, and of these requirements.
 *
 * @param {string} folder
 * @param {readonly string[]} requirements files
 */
export function isEnvironment(folder, requirements) {
  try {
    return readFileSync(join(folder, 'stamp'), 'utf8') === fingerprint(requirements);
  } catch {
    return false;
  }
}

/**
 * Makes a virtual environment beside its place and renames it into it.
 *
 * @param {string} folder
 * @param {{ interpreter: string, version: string, requirements: readonly string[] }} environment `version` as in `3.12`
 * @param {(target: string) => Promise<void>} fill installs the requirements into the folder of its packages
 */
export async function makeEnvironment(folder, { interpreter, version, requirements }, fill) {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    // Without a pip of its own the environment needs nothing that Debian keeps in a package apart, and nothing in it
    // knows its path; pip's --target installs into it from outside.
    const venv = await run(interpreter, ['-m', 'venv', '--without-pip', partial]);
    if (!venv.ok) throw new SetupFailure(`${interpreter} cannot make a virtual environment: ${venv.output.trim()}`);
    for (const name of await readdir(join(partial, 'bin'))) {
      if (/^activate/i.test(name)) await rm(join(partial, 'bin', name)); // but these hold the temporary path
    }
    await fill(join(partial, 'lib', `python${version}`, 'site-packages'));
    await writeFile(join(partial, 'stamp'), fingerprint(requirements));
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function fingerprint(requirements) {
  const digest = createHash('sha256');
  for (const file of requirements) digest.update(readFileSync(file));
  return digest.digest('hex');
}
