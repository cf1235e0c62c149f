import type { MetricsExporterConfig } from '@temporalio/worker';
import { SerengetiError } from '../lib/contracts/errors';

/**
 * Where the figures of a worker go: to a Prometheus endpoint of its own at `SERENGETI_METRICS_ADDRESS`, such as
 * `127.0.0.1:9464` (`off`: nowhere), else to the OpenTelemetry collector at `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` or
 * `OTEL_EXPORTER_OTLP_ENDPOINT` (over gRPC, or over HTTP where `OTEL_EXPORTER_OTLP_PROTOCOL` says so), else nowhere.
 *
 * @throws SerengetiError INPUT_INVALID
 */
export function metricsExporter(environment: NodeJS.ProcessEnv = process.env): MetricsExporterConfig | undefined {
  const address = environment.SERENGETI_METRICS_ADDRESS;
  if (address === 'off') return undefined;
  if (address !== undefined && address !== '') {
    return {
      prometheus: {
        bindAddress: checked(address),
        countersTotalSuffix: true,
        unitSuffix: true,
        useSecondsForDurations: true,
      },
    };
  }
  const url = environment.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (url === undefined || url === '') return undefined;
  const protocol = environment.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL ?? environment.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'grpc';
  return { otel: { url, http: protocol.startsWith('http'), useSecondsForDurations: true } };
}

function checked(address: string): string {
  const port = Number(/^.+:(\d+)$/.exec(address)?.[1]);
  if (Number.isInteger(port) && port <= 65_535) return address;
  throw new SerengetiError(
    'INPUT_INVALID',
    `SERENGETI_METRICS_ADDRESS must be a host and a port such as 127.0.0.1:9464, got ${JSON.stringify(address)}`,
  );
}
