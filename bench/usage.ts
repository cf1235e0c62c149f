import { readdir, readFile } from 'node:fs/promises';

/** What this process and those that it has started and not ended took so far; Linux only. */
export interface Usage {
  /** Sum of what each held at most. */
  readonly peakBytes: number;
  /** Of all their threads. */
  readonly cpuSeconds: number;
}

export async function usage(): Promise<Usage> {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  let peakBytes = maxRSS * 1024;
  let cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  for (const pid of await children()) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    peakBytes += Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) * 1024;
    // In hundredths of a second; the fields before them end with the program's name in brackets.
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
    cpuSeconds += (Number(fields[11]) + Number(fields[12])) / 100;
  }
  return { peakBytes, cpuSeconds };
}

/** Numbers of the processes that this one has started. */
export async function children(): Promise<string[]> {
  const tasks = await readdir('/proc/self/task');
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8')));
  return lists.flatMap((list) => list.split(' ').filter((pid) => pid !== ''));
}
