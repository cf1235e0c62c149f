import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../lib/io/home';
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
  for (const deadline = Date.now() + 15_000; ;) {
    const text = await readFile(join(folder(), 'logs', 'program.log'), 'utf8').catch(() => '');
    const found = text.split('\n').filter((line) => line !== '');
    if (found.length >= lines) return found;
    if (Date.now() > deadline) throw new Error(`Expected ${lines} lines, found ${found.length}: ${text}`);
    await sleep(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
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
    const supervised = supervise(`process.on("SIGTERM", () => { console.log("bye"); process.exit(0); }); ${STAYS}`);
    await logged(1);
    const exits = jest.fn();
    supervised.on('exit', exits);
    await supervised.stop();
    expect(await logged(2)).toEqual([expect.stringMatching(/^up /), 'bye']);
    // What is started again says first how it ended.
    expect(exits).not.toHaveBeenCalled();
  });

  it('is killed when it does not listen', async () => {
    const supervised = supervise(`process.on("SIGTERM", () => undefined); ${STAYS}`);
    await logged(1);
    const { pid } = supervised;
    await supervised.stop(200);
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
  });

  it('does not outlive its supervisor, even one that was killed without warning', async () => {
    const script = `
      const { Supervised } = require(${JSON.stringify(join(projectRoot(), 'dist', 'workers', 'supervisor.js'))});
      new Supervised({ name: 'program', command: process.execPath, arguments: ['-e', ${JSON.stringify(STAYS)}],
        environment: process.env, logFile: ${JSON.stringify(join(folder(), 'logs', 'program.log'))} });
      setInterval(() => undefined, 1000);`;
    const supervisor = spawn(process.execPath, ['-e', script]);
    const pid = Number((await logged(1))[0]!.split(' ')[1]);
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    for (let waited = 0; waited < 5000 && isAlive(pid); waited += 50) await sleep(50);
    expect(isAlive(pid)).toBe(false);
  });

  it('reports a program that is not there', async () => {
    const supervised = new Supervised({
      name: 'nothing',
      command: join(folder(), 'nothing'),
      arguments: [],
      environment: process.env,
      logFile: join(folder(), 'nothing.log'),
    });
    expect(await once(supervised, 'exit')).toEqual(['exit status 127']);
    expect(await readFile(join(folder(), 'nothing.log'), 'utf8')).toContain('No such file');
    await supervised.stop();
  });
});
