import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serengetiHome } from '../lib/io/home';
import type { WorkerRole } from './settings';

const BEAT_MILLISECONDS = 5_000;
/** TensorFlow may hold the thread for a while when a GPU warms up; a worker that is silent for longer hangs. */
const SILENCE_MILLISECONDS = 60_000;

/** Sign of life of the workers of a role that have this state folder: its time. */
function pulseFile(role: WorkerRole): string {
  return join(serengetiHome(), 'state', `${role}-worker.pulse`);
}

/** Beats for as long as this process's event loop turns. */
export async function startPulse(role: WorkerRole): Promise<void> {
  const file = pulseFile(role);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
  const timer = setInterval(() => {
    const now = new Date();
    // A folder that was removed under a running worker must not end it.
    utimes(file, now, now).catch(() => undefined);
  }, BEAT_MILLISECONDS);
  timer.unref();
}

/** How a worker of the role on this host is: for the health checks of containers and supervisors. */
export async function readPulse(role: WorkerRole): Promise<{ readonly healthy: boolean; readonly text: string }> {
  const file = pulseFile(role);
  try {
    const silence = Date.now() - (await stat(file)).mtimeMs;
    const healthy = silence < SILENCE_MILLISECONDS;
    return { healthy, text: `${role} worker: last sign of life ${(silence / 1000).toFixed(0)} s ago` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { healthy: false, text: `${role} worker: no sign of life at ${file}` };
  }
}
