import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type LogEntry,
  type MetricsExporterConfig,
} from '@temporalio/worker';
import { metricsExporter } from './metrics';

/**
 * Logs are lines of JSON on standard output: a message and an object, with workflow, run and activity ids in it. Figures
 * go where the environment says, and nowhere while their port is another's: a worker without figures still works.
 */
export function installTelemetry(): void {
  const metrics = metricsExporter();
  try {
    install(metrics);
  } catch (error) {
    if (metrics === undefined || !('prometheus' in metrics)) throw error;
    install(undefined);
    const { bindAddress } = metrics.prometheus;
    Runtime.instance().logger.warn(
      `No figures are served at ${bindAddress}: ${(error as Error).message}. Free it, or set SERENGETI_METRICS_ADDRESS, and start the worker again`,
    );
  }
}

function install(metrics: MetricsExporterConfig | undefined): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', writeEntry),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(metrics === undefined ? {} : { metrics }),
    },
  });
}

function writeEntry({ level, message, timestampNanos, meta }: LogEntry): void {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  process.stdout.write(`${JSON.stringify({ time, level, message, ...meta }, plain)}\n`);
}

/** Errors have no enumerable members and 64-bit numbers no JSON: both are written as people read them. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return typeof value === 'bigint' ? value.toString() : value;
}
