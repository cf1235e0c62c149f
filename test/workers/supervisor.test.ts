import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Supervised } from '../../workers/supervisor';
import { temporaryFolder } from '../support/folders';

const folder = temporaryFolder();

function supervise(script: string): Supervised {
  return new Supervised({
    name: 'program',
    command: process.execPath,
    arguments: ['-e', script],
    environment: process.env,
    logFile: join(folder(), 'logs', 'program.log'),
  });
}

async function logged(lines: number): Promise<string[]> {
  for (;;) {
    const text = await readFile(join(folder(), 'logs', 'program.log'), 'utf8').catch(() => '');
    const found = text.split('\n').filter((line) => line !== '');
    if (found.length >= lines) return found;
    await sleep(20);
  }
}

const STAYS = 'console.log("up", process.pid); setInterval(() => undefined, 1000);';

describe('a supervised process', () => {
  it('is started again when it is killed, as another process', async () => {
    const supervised = supervise(STAYS);
    await logged(1);
    const first = supervised.pid!;
    const exit = once(supervised, 'exit');
    process.kill(first, 'SIGKILL');
    expect(await exit).toEqual(['SIGKILL']);
    const pids = (await logged(2)).map((line) => line.split(' ')[1]);
    expect(new Set(pids).size).toBe(2);
    await supervised.stop();
  });

  it('tells how it ended', async () => {
    const supervised = supervise('process.exit(3)');
    expect(await once(supervised, 'exit')).toEqual(['exit status 3']);
    await supervised.stop();
  });

  it('is asked to stop, and stays stopped', async () => {
    const supervised = supervise(`${STAYS} process.on("SIGTERM", () => { console.log("bye"); process.exit(0); });`);
    await logged(1);
    await supervised.stop();
    await sleep(700);
    expect((await logged(2)).at(-1)).toBe('bye');
    expect(await logged(2)).toHaveLength(2);
  });

  it('is killed when it does not listen', async () => {
    const supervised = supervise(`process.on("SIGTERM", () => undefined); ${STAYS}`);
    await logged(1);
    const { pid } = supervised;
    await supervised.stop(200);
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
  });

  it('reports a program that is not there', async () => {
    const supervised = new Supervised({
      name: 'nothing',
      command: join(folder(), 'nothing'),
      arguments: [],
      environment: process.env,
      logFile: join(folder(), 'nothing.log'),
    });
    expect(await once(supervised, 'exit')).toEqual([expect.stringContaining('ENOENT')]);
    await supervised.stop();
  });
});
