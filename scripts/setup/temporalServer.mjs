import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import { findOnPath, run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

/** Names the server's version; `go.sum` pins it and everything it is built from by hash. */
const MODULE = fileURLToPath(new URL('temporal-server', import.meta.url));
const SERVER = 'go.temporal.io/server';
const PROGRAMS = {
  'temporal-server': `${SERVER}/cmd/server`,
  'temporal-sql-tool': `${SERVER}/cmd/tools/sql`,
};

/** @param {string} folder of the programs */
export function isTemporalServerBuilt(folder) {
  try {
    return readFileSync(join(folder, 'stamp'), 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

/**
 * What the images `temporalio/server` and `temporalio/admin-tools` hold: the server for SQL databases with its entry
 * point, the tool for its schema, and the schema. Built beside its place, then renamed into it.
 *
 * @param {string} folder
 * @param {{ progress: import('./progress.mjs').Progress }} context
 */
export async function buildTemporalServer(folder, { progress }) {
  const go = findOnPath('go');
  if (go === undefined) {
    throw new SetupFailure('There is no go on PATH: install Go 1.26.8 or later (go.dev), which builds the server');
  }
  const partial = `${folder}.${process.pid}.partial`;
  try {
    await mkdir(partial, { recursive: true });
    for (const [name, path] of Object.entries(PROGRAMS)) {
      progress.line(`${name}: building, which takes minutes the first time …`);
      await call(go, ['build', '-mod=readonly', '-trimpath', '-o', join(partial, name), path]);
    }
    const source = (await call(go, ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', SERVER])).trim();
    const wanted = ['schema', 'docker/scripts/sh/entrypoint.sh'].map((name) => join(source, name));
    // Go's module cache is read-only, also its folders.
    await call('cp', ['-r', '--no-preserve=mode', ...wanted, partial]);
    await writeFile(join(partial, 'stamp'), fingerprint());
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function call(program, parameters) {
  const env = { ...process.env, CGO_ENABLED: '0' };
  const { ok, status, output } = await run(program, parameters, { cwd: MODULE, env });
  if (ok) return output;
  throw new SetupFailure(`Temporal's server could not be built: ${output.trim().split('\n').at(-1) || status}`);
}

function fingerprint() {
  const digest = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) digest.update(readFileSync(join(MODULE, name)));
  return digest.digest('hex');
}
