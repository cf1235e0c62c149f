import { monitorEventLoopDelay } from 'node:perf_hooks';

/** @returns a function that ends the watch and tells the longest time, in seconds, that the event loop was held */
export function watchEventLoop(): () => number {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  return () => {
    delays.disable();
    return delays.max / 1e9;
  };
}
