import { join } from 'node:path';

import { buildAddon, isAddonBuilt } from './addon.mjs';
import { build, isBuilt } from './build.mjs';
import { chooseDevice } from './device.mjs';
import { arePackagesInstalled, installPackages } from './packages.mjs';
import { installPart, isPartInstalled, pinnedPart } from './part.mjs';
import { installPython, isPythonInstalled } from './python.mjs';
import { findTemporal } from './temporal.mjs';

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {() => boolean} isDone quick and without side effects: it runs in front of every command
 * @property {'python' | 'compiler'} [needs] what has to be on the machine
 * @property {(context: Context) => Promise<void>} run leaves its result whole, or not at all
 *
 * @typedef {object} Context
 * @property {string} [python] there when a step needs it
 * @property {string[]} [compiler] likewise
 * @property {import('./progress.mjs').Progress} progress
 */

/**
 * Set-up, in order.
 *
 * @param {string} root the clone
 * @param {{ test?: boolean, bench?: boolean }} [options]
 * @returns {Step[]}
 */
export function listSteps(root, { test = false, bench = false } = {}) {
  return [
    packages(root),
    ...tensorflow(root),
    ...temporal(root),
    part(root, 'efficientnet-lite0', 'EfficientNet-Lite0 weights'),
    ...(test ? testExtras(root) : []),
    ...(bench ? benchExtras(root) : []),
    // Last: whoever is in the middle of a change that does not compile still has all the rest.
    { title: 'Build', isDone: () => isBuilt(root), run: () => build(root) },
  ];
}

/** What only the tests need. */
function testExtras(root) {
  const folder = join(root, '.serengeti', 'python');
  return [
    part(root, 'photographs', 'Labelled photographs'),
    {
      title: 'Python environment',
      isDone: () => isPythonInstalled(folder),
      needs: 'python',
      run: (context) => installPython(folder, context),
    },
  ];
}

/** What only the measurements need: they run against the same peers as the tests. */
function benchExtras(root) {
  return [part(root, 'photographs', 'Labelled photographs')];
}

function packages(root) {
  return { title: 'npm packages', isDone: () => arePackagesInstalled(root), run: () => installPackages(root) };
}

function tensorflow(root) {
  const name = `tensorflow-${chooseDevice()}`;
  const places = { root, tensorflow: join(nativeFolder(root), name, 'tensorflow'), library: name };
  places.library += ` ${pinnedPart(name, platform()).wheels[0].sha256}`;
  return [
    part(root, name, 'TensorFlow'),
    {
      title: 'TensorFlow add-on for Node',
      isDone: () => isAddonBuilt(places),
      needs: 'compiler',
      run: ({ compiler }) => buildAddon(places, compiler),
    },
  ];
}

function temporal(root) {
  return findTemporal() === undefined ? [part(root, 'temporal', 'Temporal')] : [];
}

/** @returns {Step} */
function part(root, directory, title) {
  const pinned = pinnedPart(directory, platform());
  const native = nativeFolder(root);
  return {
    title,
    isDone: () => isPartInstalled(pinned, native),
    needs: 'python',
    run: (context) => installPart(pinned, native, context),
  };
}

/** Libraries, programs and weights: everything native, and nothing else. */
function nativeFolder(root) {
  return join(root, '.serengeti', 'native');
}

function platform() {
  return `${process.platform}-${process.arch}`;
}
