import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Root of the project: the nearest folder above this file that has a `package.json` and its lockfile. */
export function projectRoot(): string {
  let folder = __dirname;
  while (!(existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'package-lock.json')))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${__dirname}: the installation is not whole.`);
    folder = parent;
  }
  return folder;
}

/**
 * A module of this project as it was built, for processes and threads: they run JavaScript, also where tests run the rest
 * from its sources.
 *
 * @param path - from the root, as in `lib/io/home.js`
 */
export function builtModule(path: string): string {
  return join(projectRoot(), 'dist', path);
}

/**
 * Folder for everything that is not part of the project: prepared native parts, weights, the embedded server's
 * database, the default store. `SERENGETI_HOME` overrides it.
 */
export function serengetiHome(): string {
  return resolve(process.env.SERENGETI_HOME ?? join(projectRoot(), '.serengeti'));
}
