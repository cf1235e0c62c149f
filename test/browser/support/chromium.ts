import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { pathExists } from '../../../lib/io/files';
import { projectRoot, serengetiHome } from '../../../lib/io/home';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Chromium ends at once where it finds no font. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir></fontconfig>
`;

/** What to start, and the environment that it needs. */
interface Chromium {
  readonly executablePath: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a browser: `CHROME_PATH`, else the packed Chromium (x64 Linux), else one on PATH. */
export async function startBrowser(): Promise<Browser> {
  const { executablePath, env = process.env } = await findChromium();
  const variables = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  // Tests run as root in containers, where Chromium's own sandbox cannot start; the pages are ours.
  return await chromium.launch({ executablePath, env: variables, args: ['--no-sandbox', '--disable-gpu'] });
}

async function findChromium(): Promise<Chromium> {
  if (process.env.CHROME_PATH !== undefined) return { executablePath: process.env.CHROME_PATH };
  if (process.platform === 'linux' && process.arch === 'x64') return await unpackedChromium();
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) {
      const executablePath = join(folder, name);
      if (await isExecutable(executablePath)) return { executablePath };
    }
  }
  throw new Error(`No ${NAMES.join(', ')} on PATH: install Chromium, or set CHROME_PATH.`);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks Chromium with the libraries and fonts that it needs, once; a folder that is there is whole. */
async function unpackedChromium(): Promise<Chromium> {
  const manifest = join(projectRoot(), 'node_modules', '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const folder = join(serengetiHome(), 'chromium', version);
  if (!(await pathExists(folder))) await unpack(folder);
  return {
    executablePath: join(folder, 'chromium'),
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

/** The package unpacks to the temporary folder, and its libraries only where it believes to be on a bare system. */
async function unpack(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const partial = await mkdtemp(`${folder}.tmp-`);
  const script = `require('@sparticuz/chromium').executablePath().catch((error) => { console.error(error); process.exit(1); })`;
  await promisify(execFile)(process.execPath, ['-e', script], {
    cwd: __dirname,
    env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
  await writeFile(join(partial, 'fonts', 'fonts.conf'), FONTS);
  await rename(partial, folder).catch(async (error: NodeJS.ErrnoException) => {
    await rm(partial, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another test was first
  });
}
