import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

const PACKAGE = join('node_modules', '@tensorflow', 'tfjs-node-gpu');
const SOURCES = ['tfjs_backend.cc', 'tfjs_binding.cc'];
/** Where the package looks with the highest Node-API version that it knows; Node 20, 22 and 24 all have it. */
const FOLDER = join(PACKAGE, 'lib', 'napi-v8');
const NODE_API_VERSION = 8;

/**
 * The add-on that lets Node call TensorFlow, compiled from the npm package's own sources against the library that the
 * TensorFlow part holds. Its Node-API makes one file serve every Node release.
 *
 * @typedef {object} AddonPlaces
 * @property {string} root
 * @property {string} tensorflow the folder with TensorFlow's libraries and headers
 * @property {string} library what identifies that library: the add-on is compiled anew for another one
 */

/** @param {AddonPlaces} places */
export function isAddonBuilt({ root, tensorflow, library }) {
  try {
    const stamp = readFileSync(join(root, FOLDER, 'stamp'), 'utf8');
    return stamp === fingerprint(root, tensorflow, library) && existsSync(join(root, FOLDER, 'tfjs_binding.node'));
  } catch {
    return false;
  }
}

/**
 * @param {AddonPlaces} places
 * @param {string[]} compiler
 */
export async function buildAddon({ root, tensorflow, library }, [compiler, ...compilerParameters]) {
  const folder = join(root, FOLDER);
  const partial = join(root, FOLDER, 'partial');
  await rm(folder, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const addon = join(partial, 'tfjs_binding.node');
  const { ok, status, output } = await run(compiler, [
    ...compilerParameters,
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API_VERSION}`],
    ...['-I', join(root, PACKAGE), '-I', join(root, 'node_modules', 'node-api-headers', 'include')],
    ...['-I', join(tensorflow, 'include')],
    ...SOURCES.map((source) => join(root, PACKAGE, 'binding', source)),
    ...[join(tensorflow, 'libtensorflow_cc.so.2'), join(tensorflow, 'libtensorflow_framework.so.2')],
    ...[`-Wl,-rpath,${runPath(root, folder, tensorflow)}`, '-o', addon],
  ]);
  if (!ok) {
    await rm(folder, { recursive: true, force: true });
    const error = output.split('\n').find((line) => /error|cannot/i.test(line)) ?? status;
    throw new SetupFailure(`TensorFlow's Node add-on could not be compiled with ${compiler}: ${error.trim()}`);
  }
  await rename(addon, join(folder, 'tfjs_binding.node'));
  await rm(partial, { recursive: true });
  await writeFile(join(folder, 'stamp'), fingerprint(root, tensorflow, library));
}

/** Where the add-on looks for the library: relative to itself, so that the clone can be moved, if both are in it. */
function runPath(root, folder, tensorflow) {
  return tensorflow.startsWith(root + sep) ? `$ORIGIN/${relative(folder, tensorflow)}` : tensorflow;
}

/** What the add-on is made of: its sources and the library, and where it looks for that. */
function fingerprint(root, tensorflow, library) {
  const hash = createHash('sha256')
    .update(library)
    .update(runPath(root, join(root, FOLDER), tensorflow));
  for (const source of SOURCES) hash.update(readFileSync(join(root, PACKAGE, 'binding', source)));
  return hash.digest('hex');
}
