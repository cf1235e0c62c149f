import { join } from 'node:path';

import { buildAddon, isAddonBuilt } from './addon.mjs';
import { build, isBuilt } from './build.mjs';
import { chooseDevice } from './device.mjs';
import { arePackagesInstalled, installPackages } from './packages.mjs';
import { installPart, isPartInstalled, pinnedPart } from './part.mjs';
import { installPython, isPythonInstalled, REQUIREMENTS } from './python.mjs';
import { findPython36, installPython36, isPython36Installed } from './python36.mjs';
import { findTemporal } from './temporal.mjs';
import { buildTemporalServer, isTemporalServerBuilt } from './temporalServer.mjs';

const PLATFORM = `${process.platform}-${process.arch}`;

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
 * @param {Places} places
 * @param {{ test?: boolean, bench?: boolean, topology?: boolean }} [options]
 * @returns {Step[]}
 *
 * @typedef {object} Places
 * @property {string} root the clone
 * @property {string} home for what is not part of the project, as in lib/io/home.ts
 */
export function listSteps({ root, home }, { test = false, bench = false, topology = false } = {}) {
  const native = join(home, 'native');
  return [
    { title: 'npm packages', isDone: () => arePackagesInstalled(root), run: () => installPackages(root) },
    ...tensorflow(root, native),
    ...temporal(native),
    part(native, 'efficientnet-lite0', 'EfficientNet-Lite0 weights'),
    ...(test ? testExtras(home, native) : []),
    ...(bench ? benchExtras(home, native) : []),
    ...(topology ? topologyExtras(native) : []),
    // Last: whoever is in the middle of a change that does not compile still has all the rest.
    { title: 'Build', isDone: () => isBuilt(root), run: () => build(root) },
  ];
}

/** What only the tests need. */
function testExtras(home, native) {
  return [
    part(native, 'photographs', 'Labelled photographs'),
    part(native, 'seaweedfs', 'SeaweedFS, an S3 server'),
    part(native, 'compose-schema', 'Schema of Compose files'),
    part(native, 'hadolint', 'Linter of Dockerfiles'),
    python(join(home, 'python'), REQUIREMENTS.tests, 'Python environment'),
    ...python36(join(home, 'python36')),
  ];
}

/** Where there is a Python 3.6; elsewhere the tests say that they did without. */
function python36(folder) {
  const interpreter = findPython36();
  if (interpreter === undefined) return [];
  return [
    {
      title: 'Python 3.6 with TensorFlow 1.14',
      isDone: () => isPython36Installed(folder),
      needs: 'python',
      run: (context) => installPython36(folder, context, interpreter),
    },
  ];
}

/** What only the measurements need. */
function benchExtras(home, native) {
  return [
    part(native, 'photographs', 'Labelled photographs'),
    python(join(home, 'python-bench'), REQUIREMENTS.measurements, 'Python environment of the measurements'),
  ];
}

/** The servers of docker-compose.yml, without containers; PostgreSQL is the system's. */
function topologyExtras(native) {
  const folder = join(native, 'temporal-server');
  return [
    part(native, 'seaweedfs', 'SeaweedFS, an S3 server'),
    {
      title: "Temporal's server for SQL databases",
      isDone: () => isTemporalServerBuilt(folder),
      run: (context) => buildTemporalServer(folder, context),
    },
  ];
}

function tensorflow(root, native) {
  const directory = `tensorflow-${chooseDevice()}`;
  const { sha256 } = pinnedPart(directory, PLATFORM).wheels[0];
  const places = { root, tensorflow: join(native, directory, 'tensorflow'), library: sha256 };
  return [
    part(native, directory, 'TensorFlow'),
    {
      title: 'TensorFlow add-on for Node',
      // It lies in node_modules: installing the packages anew takes it away.
      isDone: () => arePackagesInstalled(root) && isAddonBuilt(places),
      needs: 'compiler',
      run: ({ compiler }) => buildAddon(places, compiler),
    },
  ];
}

function temporal(native) {
  return findTemporal() === undefined ? [part(native, 'temporal', 'Temporal')] : [];
}

/** @returns {Step} */
function python(folder, requirements, title) {
  return {
    title,
    isDone: () => isPythonInstalled(folder, requirements),
    needs: 'python',
    run: (context) => installPython(folder, requirements, context),
  };
}

/** @returns {Step} */
function part(native, directory, title) {
  const pinned = pinnedPart(directory, PLATFORM);
  return {
    title,
    isDone: () => isPartInstalled(pinned, native),
    needs: 'python',
    run: (context) => installPart(pinned, native, context),
  };
}
