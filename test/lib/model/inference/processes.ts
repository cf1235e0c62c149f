import { readFile } from 'node:fs/promises';
import { children } from '../../../../bench/usage';

/** Numbers of the inference processes that this process has, in ascending order. */
export async function inferenceProcesses(): Promise<number[]> {
  const pids: number[] = [];
  for (const pid of await children()) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('inference/program.js')) pids.push(Number(pid));
  }
  return pids.sort((a, b) => a - b);
}
