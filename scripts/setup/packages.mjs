import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

/**
 * Whether node_modules is what package-lock.json says.
 *
 * npm writes the list of what it installed as its last act, so an interrupted installation has none, and a package that
 * was added or changed by hand shows in it.
 *
 * @param {string} root
 */
export function arePackagesInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return false;
  // What is in the lockfile for other platforms is optional and not installed.
  return Object.entries(wanted).every(([path, { version, integrity, optional, link }]) => {
    if (path === '' || link) return true;
    const found = installed[path];
    return found === undefined ? optional === true : found.version === version && found.integrity === integrity;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} root */
export async function installPackages(root, env = process.env) {
  // Under `npm start` this is the very npm that is running; PATH may have another one, or none.
  const npm = basename(env.npm_execpath ?? '') === 'npm-cli.js' ? [process.execPath, env.npm_execpath] : ['npm'];
  // The build needs the development packages even where NODE_ENV=production would leave them out.
  const parameters = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--include=dev',
    '--include=optional',
  ];
  const { ok, status } = await run(npm[0], [...npm.slice(1), ...parameters], { cwd: root, env, show: true });
  if (!ok) throw new SetupFailure(`npm ci did not succeed (${status}): its own messages are above`);
}
