import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { ROOT, setupModule, type SetupModules } from './support/modules';

const folder = temporaryFolder();
let modules: SetupModules['lock'];
const children: ChildProcess[] = [];

beforeAll(async () => {
  modules = await setupModule('lock');
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

/** A process that holds the lock until it is killed. */
async function startHolder(root: string): Promise<ChildProcess> {
  const module = JSON.stringify(join(ROOT, 'scripts/setup/lock.mjs'));
  const program = `import { acquireLock } from ${module};
    await acquireLock(${JSON.stringify(root)}, () => {});
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe('acquireLock', () => {
  it('lets the next one in when it is given back', async () => {
    const release = await modules.acquireLock(folder.path, fail);
    let next: Promise<() => Promise<void>> | undefined;
    const holder = await new Promise<string>((resolve) => {
      next = modules.acquireLock(folder.path, resolve);
    });
    expect(holder).toBe(`process ${process.pid}`);
    await expect(Promise.race([next, Promise.resolve('waits')])).resolves.toBe('waits');
    await release();
    await (
      await next!
    )();
  });

  it('is free as soon as its holder is killed', async () => {
    const child = await startHolder(folder.path);
    const waiting: string[] = [];
    const next = modules.acquireLock(folder.path, (holder) => {
      waiting.push(holder);
      child.kill('SIGKILL');
    });
    await (
      await next
    )();
    expect(waiting).toEqual([`process ${child.pid}`]);
  });

  it('is one for each clone', async () => {
    await startHolder(folder.path);
    await (
      await modules.acquireLock(`${folder.path}/other`, fail)
    )();
  });

  it('is held by one of many at a time', async () => {
    let holders = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await modules.acquireLock(folder.path, () => {});
        most = Math.max(most, ++holders);
        await new Promise((resolve) => setTimeout(resolve, 5));
        holders--;
        await release();
      }),
    );
    expect(most).toBe(1);
  });
});

function fail(): never {
  throw new Error('The lock is held.');
}
