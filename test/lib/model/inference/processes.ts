import { readdir, readFile } from 'node:fs/promises';

/** Numbers of the inference processes that this process has, in ascending order. */
export async function inferenceProcesses(): Promise<number[]> {
  const pids: number[] = [];
  for (const task of await readdir('/proc/self/task')) {
    const children = await readFile(`/proc/self/task/${task}/children`, 'utf8');
    for (const pid of children.split(' ').filter((text) => text !== '')) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.includes('inference/program.js')) pids.push(Number(pid));
    }
  }
  return pids.sort((a, b) => a - b);
}
