import type { Progress } from './progress';

/** A figure that workers give out. Counters get the suffix `_total` on a Prometheus endpoint. */
export interface Metric {
  readonly name: string;
  readonly description: string;
}

/** Work that was done, by the unit of its progress; steps that are one thing count nothing. */
export const WORK_METRICS: Readonly<Partial<Record<Progress['unit'], Metric>>> = {
  bytes: { name: 'serengeti_bytes', description: 'Bytes fetched or read' },
  entries: { name: 'serengeti_entries', description: 'Archive entries unpacked' },
  rows: { name: 'serengeti_rows', description: 'Rows of tables written' },
  frames: { name: 'serengeti_frames', description: 'Frames looked at' },
  epochs: { name: 'serengeti_epochs', description: 'Epochs trained' },
};

/** Label `code`: of the error table, or UNEXPECTED. */
export const FAILURES_METRIC: Metric = { name: 'serengeti_failures', description: 'Failed attempts of steps' };

/** Of each GPU (label `gpu`) of a gpu worker's machine. */
export const GPU_METRICS = {
  utilization: { name: 'serengeti_gpu_utilization', description: 'Share of the time that a GPU computes, 0 to 1' },
  memoryUsed: { name: 'serengeti_gpu_memory_used_bytes', description: 'Memory of a GPU in use' },
  memoryTotal: { name: 'serengeti_gpu_memory_bytes', description: 'Memory of a GPU' },
} as const satisfies Readonly<Record<string, Metric>>;
