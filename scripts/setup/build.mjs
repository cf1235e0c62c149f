import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

const BUNDLE = fileURLToPath(new URL('bundle.mjs', import.meta.url));
const FOLDERS = [
  'activities',
  'bench',
  'cli',
  'examples',
  'lib',
  'runs',
  'server',
  'simulator',
  'test',
  'workers',
  'workflows',
];
const SETTINGS = ['package-lock.json', 'tsconfig.json'];
/** Written last: without it, or with another content, the build runs. */
const STAMP = join('dist', '.built');

/** @param {string} root */
export function isBuilt(root) {
  try {
    return readFileSync(join(root, STAMP), 'utf8') === fingerprint(listSources(root));
  } catch {
    return false;
  }
}

/**
 * Compiles the TypeScript sources into `dist`, with what else they need at run time beside them, and the workflows once
 * more as a bundle.
 *
 * @param {string} root
 */
export async function build(root) {
  // Taken before: a file that changes while the compiler runs makes the next set-up build again.
  const sources = listSources(root);
  await rm(join(root, STAMP), { force: true });
  await copyAssets(root, sources);
  await compile(root);
  await removeStrays(root, sources);
  await bundleWorkflows(root);
  await writeFile(join(root, `${STAMP}.partial`), fingerprint(sources));
  await rename(join(root, `${STAMP}.partial`), join(root, STAMP));
}

/** Every source file with its size and time. @returns {{ path: string, size: number, mtimeMs: number }[]} */
function listSources(root) {
  const paths = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  return [...SETTINGS, ...paths.sort()].map((path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    return { path, size, mtimeMs };
  });
}

function fingerprint(sources) {
  return createHash('sha256').update(JSON.stringify(sources)).digest('hex');
}

/** Programs and pages that the compiler does not copy: whatever is not TypeScript. Tests run from their sources. */
async function copyAssets(root, sources) {
  for (const { path } of sources) {
    if (path.endsWith('.ts') || path.startsWith('test/') || SETTINGS.includes(path)) continue;
    const target = join(root, 'dist', path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(root, path), target);
  }
}

async function compile(root) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { ok } = await run(process.execPath, [compiler, '--project', root, '--pretty', 'false'], {
    cwd: root,
    show: true,
  });
  if (!ok) throw new SetupFailure('The TypeScript sources do not compile: the errors are above');
}

/** What was compiled from a source that is gone must not be loaded, or found by a test, any longer. */
async function removeStrays(root, sources) {
  const known = new Set(sources.map(({ path }) => path));
  for (const folder of FOLDERS) {
    const compiled = join(root, 'dist', folder);
    if (!existsSync(compiled)) continue;
    for (const name of readdirSync(compiled, { recursive: true })) {
      const path = join(folder, name);
      const source = path.replace(/\.js(\.map)?$/, '.ts');
      if (!known.has(path) && !known.has(source) && statSync(join(root, 'dist', path)).isFile()) {
        await rm(join(root, 'dist', path));
      }
    }
  }
}

async function bundleWorkflows(root) {
  const entry = join(root, 'dist', 'workflows', 'index.js');
  if (!existsSync(entry)) return;
  const { ok, status, output } = await run(process.execPath, [BUNDLE, entry, join(root, 'dist', 'workflow-bundle.js')]);
  if (!ok) throw new SetupFailure(`The workflows could not be bundled: ${output.trim() || status}`);
}
