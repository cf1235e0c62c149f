import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

const ATTEMPTS = 3;

/**
 * Fetches one pinned wheel with pip, which knows the user's index, mirrors, proxies and certificates, and checks it.
 *
 * @param {import('./pins.mjs').Wheel} wheel
 * @param {string} folder emptied first; afterwards it holds the wheel and nothing else
 * @param {{ python: string, progress: import('./progress.mjs').Progress, env?: NodeJS.ProcessEnv }} context
 * @returns {Promise<string>} the wheel's path; its bytes have the pinned SHA-256
 */
export async function download(wheel, folder, { python, progress, env = process.env }) {
  const label = `${wheel.name} ${wheel.version}`;
  let failure;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) progress.line(`${label}: ${failure.message}; trying again (${attempt} of ${ATTEMPTS})`);
    await rm(folder, { recursive: true, force: true });
    try {
      await fetchOnce(wheel, folder, label, { python, progress, env, useCache: attempt === 1 });
      await verify(wheel, join(folder, wheel.file));
      return join(folder, wheel.file);
    } catch (error) {
      if (!(error instanceof SetupFailure)) throw error;
      failure = error;
    }
  }
  await rm(folder, { recursive: true, force: true });
  throw failure;
}

async function fetchOnce(wheel, folder, label, { python, progress, env, useCache }) {
  // pip writes here as the bytes come, which gives the progress; in /tmp, often small, a large wheel might not fit.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const startedAt = Date.now();
  const watch = setInterval(async () => {
    progress.transfer(label, await sizeOf(folder), wheel.bytes, startedAt);
  }, 200);
  const parameters = ['-m', 'pip', 'download', '--quiet', '--no-input', '--no-deps', '--only-binary=:all:'];
  parameters.push(...tagParameters(wheel.file), '--dest', folder);
  if (!useCache) parameters.push('--no-cache-dir'); // what is damaged in pip's cache must not fail every attempt
  const { ok, status, output } = await run(python, [...parameters, `${wheel.name}==${wheel.version}`], {
    // From pip 25.1 on a broken connection is resumed; older ones ignore the setting, and the next attempt restarts.
    env: { ...env, TMPDIR: temporary, PIP_RESUME_RETRIES: '5', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  });
  clearInterval(watch);
  await rm(temporary, { recursive: true, force: true });
  if (!ok) throw new SetupFailure(`${label} could not be downloaded: ${lastError(output) ?? status}`);
}

/** The index is asked for the pinned file's own tags, so that the answer does not depend on the user's Python. */
export function tagParameters(file) {
  const [python, abi, platforms] = file.replace(/\.whl$/, '').split('-').slice(-3);
  const parameters = platforms.split('.').flatMap((platform) => ['--platform', platform]);
  const version = /^cp(\d)(\d+)$/.exec(python);
  if (version) {
    parameters.push('--python-version', `${version[1]}.${version[2]}`, '--implementation', 'cp', '--abi', abi);
  }
  return parameters;
}

/**
 * @param {import('./pins.mjs').Wheel} wheel
 * @param {string} path
 */
export async function verify(wheel, path) {
  const got = await sha256(path);
  if (got === wheel.sha256) return;
  const what = got === undefined ? 'the index gave another file' : `SHA-256 expected ${wheel.sha256}, got ${got}`;
  throw new SetupFailure(
    `${wheel.file} is not the pinned file: ${what}. It was deleted; run set-up again, and if that does not help, ` +
      `check which package index pip uses (pip config list)`,
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

/** pip's last line of substance. */
function lastError(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  const errors = lines.filter((line) => line.startsWith('ERROR'));
  return (errors.at(-1) ?? lines.at(-1))?.replace(/^ERROR: /, '').trim();
}

async function sizeOf(folder) {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => undefined); // pip may just have moved it
    if (found?.isFile()) bytes += found.size;
  }
  return bytes;
}
