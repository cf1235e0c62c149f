import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from './support/folder';
import { ROOT } from './support/modules';

const folder = temporaryFolder();

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

async function setup(root: string, parameters: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [join(root, 'scripts/setup.mjs'), ...parameters], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, output, errors };
}

/** A clone with set-up and nothing installed. */
function bareClone(): string {
  const root = join(folder.path, 'clone');
  cpSync(join(ROOT, 'scripts'), join(root, 'scripts'), { recursive: true });
  cpSync(join(ROOT, 'package-lock.json'), join(root, 'package-lock.json'));
  return root;
}

/** A PATH with these programs and Node. */
function pathWith(programs: Readonly<Record<string, string>>): string {
  const path = join(folder.path, 'bin');
  mkdirSync(path);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return `${path}:${dirname(process.execPath)}`;
}

describe('set-up', () => {
  it('says nothing and starts no other program when all is there', async () => {
    await setup(ROOT, ['--test']); // whatever was changed since the tests began
    const silent = { code: 0, output: '', errors: '' };
    expect(await setup(ROOT, ['--test'], { PATH: join(folder.path, 'nothing') })).toEqual(silent);
  });

  it('explains itself', async () => {
    const { code, output } = await setup(ROOT, ['--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/^Usage: node scripts\/setup\.mjs/);
  });

  it('refuses an option that it does not know', async () => {
    expect(await setup(ROOT, ['--tset'])).toEqual({
      code: 1,
      output: '',
      errors: 'setup: --tset is not an option: see node scripts/setup.mjs --help\n',
    });
  });

  it.each([
    ['Python', { 'g++': '' }, /^setup: There is no python3 on PATH: install .+\n$/],
    ['pip', { 'g++': '', python3: '[ "$1" = -c ]' }, /^setup: \S+ has no pip: install .+\n$/],
    ['a C++ compiler', { python3: '' }, /^setup: There is no g\+\+ or clang\+\+ on PATH: install .+\n$/],
  ])('says in one line that %s is missing, before it does anything', async (_what, programs, message) => {
    const root = bareClone();
    const path = join(folder.path, 'bin');
    pathWith(programs);
    const outcome = await setup(root, [], { PATH: path, CXX: '', PYTHON: '' });
    expect(outcome).toEqual({ code: 1, output: '', errors: expect.stringMatching(message) });
  });

  it('says in one line that a package manager failed, after what that said itself', async () => {
    const root = bareClone();
    const PATH = pathWith({ 'g++': '', python3: '', npm: 'echo "npm error the registry is asleep" >&2; exit 7' });
    const { code, errors } = await setup(root, [], { PATH, npm_execpath: '', CXX: '', PYTHON: '' });
    expect({ code, errors }).toEqual({
      code: 1,
      errors:
        'setup: npm packages …\nnpm error the registry is asleep\n' +
        'setup: npm ci did not succeed (exit 7): its own messages are above\n',
    });
  });

  it('waits for another one, and finds its work done', async () => {
    const root = bareClone();
    const log = join(folder.path, 'log');
    // Stands in for npm: takes a while, and then writes what npm writes last. Installing twice would be seen.
    const npm =
      `echo install >> ${log}; sleep 1; mkdir -p ${root}/node_modules; ` +
      `cp ${root}/package-lock.json ${root}/node_modules/.package-lock.json; exit 0`;
    const PATH = `${pathWith({ npm, 'g++': '', python3: 'exit 0' })}:/usr/bin:/bin`;
    const env = { PATH, npm_execpath: '', CXX: '', PYTHON: '' };
    const [first, second] = await Promise.all([setup(root, [], env), setup(root, [], env)]);
    const waited = [first, second].filter(({ errors }) => errors.includes('setup: waiting for process '));
    expect(waited).toHaveLength(1);
    // The stand-in for Python fetches nothing, so both end at the first download; what npm did was done once.
    expect(first.code).toBe(1);
    expect(second.code).toBe(1);
    expect(readFileSync(log, 'utf8')).toBe('install\n');
  });
});
