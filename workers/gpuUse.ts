import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Runtime } from '@temporalio/worker';
import { GPU_METRICS } from '../lib/contracts/metrics';

const EVERY_MILLISECONDS = 10_000;
const PATIENCE_MILLISECONDS = 5_000;
const MEBIBYTE = 1 << 20;

/** What a GPU does at a moment. */
export interface GpuUse {
  /** As `CUDA_VISIBLE_DEVICES` numbers it. */
  readonly gpu: string;
  /** Share of the last moments in which it computed, 0 to 1. */
  readonly utilization: number;
  readonly memoryUsedBytes: number;
  readonly memoryBytes: number;
}

/**
 * Asks the driver's own program, of the GPUs that this process may use: several workers of a host count each its own.
 *
 * @throws where there is none
 */
export async function readGpuUse(
  command = 'nvidia-smi',
  visible = process.env.CUDA_VISIBLE_DEVICES,
): Promise<GpuUse[]> {
  const query = '--query-gpu=index,utilization.gpu,memory.used,memory.total';
  const only = visible === undefined || visible === '' ? [] : [`--id=${visible}`];
  const { stdout } = await promisify(execFile)(command, [query, '--format=csv,noheader,nounits', ...only], {
    timeout: PATIENCE_MILLISECONDS,
  });
  return parseGpuUse(stdout);
}

/** A line a GPU: number, per cent, MiB, MiB. What a driver does not tell (`[N/A]`) comes out as 0. */
export function parseGpuUse(text: string): GpuUse[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [gpu = '', ...figures] = line.split(',').map((cell) => cell.trim());
      const [percent = 0, used = 0, total = 0] = figures.map((figure) => Number(figure) || 0);
      return { gpu, utilization: percent / 100, memoryUsedBytes: used * MEBIBYTE, memoryBytes: total * MEBIBYTE };
    });
}

/** Gives out what the GPUs do until the process ends. Where the driver cannot be asked, the log says so, once. */
export function meterGpuUse(command?: string): void {
  const { metricMeter, logger } = Runtime.instance();
  const gauges = {
    utilization: metricMeter.createGauge(
      GPU_METRICS.utilization.name,
      'float',
      undefined,
      GPU_METRICS.utilization.description,
    ),
    memoryUsed: metricMeter.createGauge(
      GPU_METRICS.memoryUsed.name,
      'int',
      undefined,
      GPU_METRICS.memoryUsed.description,
    ),
    memoryTotal: metricMeter.createGauge(
      GPU_METRICS.memoryTotal.name,
      'int',
      undefined,
      GPU_METRICS.memoryTotal.description,
    ),
  };
  const look = async (): Promise<void> => {
    try {
      for (const { gpu, utilization, memoryUsedBytes, memoryBytes } of await readGpuUse(command)) {
        gauges.utilization.set(utilization, { gpu });
        gauges.memoryUsed.set(memoryUsedBytes, { gpu });
        gauges.memoryTotal.set(memoryBytes, { gpu });
      }
      setTimeout(() => void look(), EVERY_MILLISECONDS).unref();
    } catch (error) {
      logger.warn('The use of the GPUs is not measured: nvidia-smi does not answer', { error });
    }
  };
  void look();
}
