import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtModule } from '../../lib/io/home';
import { HomeLock } from '../../workers/homeLock';
import { findEmbedded, withHome } from '../../workers/embedded';
import { temporaryFolder } from '../support/folders';

const folder = temporaryFolder();

beforeEach(() => {
  process.env.SERENGETI_HOME = join(folder(), 'home');
});

afterEach(() => {
  holding?.kill('SIGKILL');
  delete process.env.SERENGETI_HOME;
});

/** What a system that was killed leaves: its addresses, under a process number that is somebody else's by now. */
async function leaveAddresses(): Promise<void> {
  await mkdir(join(folder(), 'home', 'state'), { recursive: true });
  const addresses = { temporal: '127.0.0.1:1', ui: 'http://127.0.0.1:2', sample: 'http://127.0.0.1:3', pid: 1 };
  await writeFile(join(folder(), 'home', 'state', 'embedded.json'), JSON.stringify(addresses));
}

/** Another process that takes the lock and says so. */
let holding: ChildProcess | undefined;

async function holder(): Promise<{ kill(): Promise<void> }> {
  const script = `require(process.argv[1]).HomeLock.take().then((lock) => {
    console.log(lock === undefined ? 'refused' : 'taken');
    setInterval(() => lock, 1000);
  });`;
  const child = spawn(process.execPath, ['-e', script, builtModule('workers/homeLock.js')], {
    env: process.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  holding = child;
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('taken');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('a home', () => {
  it('is for one system at a time, whichever path leads to it', async () => {
    const lock = await HomeLock.take();
    await symlink(join(folder(), 'home'), join(folder(), 'link'));
    process.env.SERENGETI_HOME = join(folder(), 'link');
    expect(await HomeLock.take()).toBeUndefined();
    expect(await HomeLock.isTaken()).toBe(true);
    await lock!.release();
    expect(await HomeLock.isTaken()).toBe(false);
  });

  it('is another process\u2019s until that is killed', async () => {
    const other = await holder();
    await expect(withHome(() => Promise.resolve())).rejects.toMatchObject({
      code: 'ALREADY_UP',
      message: expect.stringContaining('being started by another process'),
    });
    await leaveAddresses();
    await expect(withHome(() => Promise.resolve())).rejects.toThrow('up already (process 1, http://127.0.0.1:2)');
    await other.kill();
    const used = jest.fn(() => Promise.resolve());
    await withHome(used);
    expect(used).toHaveBeenCalled();
  });

  it('has no system though addresses were left, even under the number of a process that lives', async () => {
    await leaveAddresses();
    expect(await findEmbedded()).toBeUndefined();
    await withHome(async () => {
      expect(await findEmbedded()).toBeUndefined();
    });
  });
});
