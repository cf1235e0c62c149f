import { InferenceProcess } from './inferenceProcess';

/** TensorFlow takes seconds to start, and one shard follows the other. */
const KEPT_MS = 60_000;

const idle = new Map<InferenceProcess, NodeJS.Timeout>();

/** A process that was given back before, or a new one. */
export function takeProcess(): InferenceProcess {
  for (const [process, timer] of idle) {
    clearTimeout(timer);
    idle.delete(process);
    if (process.alive) return process;
  }
  return InferenceProcess.start();
}

/** Keeps a process for a while. It goes on holding its network's memory. */
export function giveBack(process: InferenceProcess): void {
  if (!process.alive) return;
  const timer = setTimeout(() => {
    idle.delete(process);
    process.end();
  }, KEPT_MS);
  idle.set(process, timer.unref());
}
