import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { durable } from '../../activities/durable';
import { SerengetiError } from '../../lib/contracts/errors';
import type { Progress } from '../../lib/contracts/progress';
import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import { projectRoot } from '../../lib/io/home';
import { meterGpuUse, parseGpuUse, readGpuUse } from '../../workers/gpuUse';
import { metricsExporter } from '../../workers/metrics';
import { freePort } from '../../workers/ports';
import { temporaryFolder } from '../support/folders';
import { standIns, startServer, withWorkers, type Activities } from '../workflows/support';

describe('where the figures go', () => {
  it('is nowhere, unless the environment says so', () => {
    expect(metricsExporter({})).toBeUndefined();
    expect(metricsExporter({ SERENGETI_METRICS_ADDRESS: '' })).toBeUndefined();
  });

  it('is a Prometheus endpoint at the address that was given', () => {
    expect(metricsExporter({ SERENGETI_METRICS_ADDRESS: '127.0.0.1:9464' })).toMatchObject({
      prometheus: { bindAddress: '127.0.0.1:9464' },
    });
    for (const address of ['9464', '127.0.0.1', '127.0.0.1:99999', 'localhost:http']) {
      expect(() => metricsExporter({ SERENGETI_METRICS_ADDRESS: address })).toThrow(JSON.stringify(address));
    }
  });

  it('is an OpenTelemetry collector where one is named', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4317';
    expect(metricsExporter({ OTEL_EXPORTER_OTLP_ENDPOINT })).toMatchObject({
      otel: { url: OTEL_EXPORTER_OTLP_ENDPOINT, http: false },
    });
    expect(
      metricsExporter({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }),
    ).toMatchObject({
      otel: { http: true },
    });
  });
});

describe('the use of GPUs', () => {
  const folder = temporaryFolder();

  it('is read from what the driver prints, with zeros for what it does not know', () => {
    expect(parseGpuUse('0, 87, 1024, 81559\n1, [N/A], 0, 81559\n')).toEqual([
      { gpu: '0', utilization: 0.87, memoryUsedBytes: 1024 * 2 ** 20, memoryBytes: 81559 * 2 ** 20 },
      { gpu: '1', utilization: 0, memoryUsedBytes: 0, memoryBytes: 81559 * 2 ** 20 },
    ]);
  });

  it('is that of the GPUs which the process may use', async () => {
    const script = join(folder(), 'driver');
    // Its last word is `--id=…` where one was asked for.
    const program = ['#!/bin/sh', 'for word; do last=$word; done', 'echo "$last, 1, 2, 3"'].join('\n');
    await writeFile(script, program);
    await chmod(script, 0o755);
    expect(await readGpuUse(script, '1')).toEqual([expect.objectContaining({ gpu: '--id=1' })]);
    expect(await readGpuUse(script, '')).toEqual([
      expect.not.objectContaining({ gpu: expect.stringContaining('--id') }),
    ]);
  });

  it('cannot be read without the driver', async () => {
    await expect(readGpuUse('/nowhere/nvidia-smi')).rejects.toThrow('ENOENT');
  });
});

describe('a worker with an endpoint', () => {
  let folder: string;
  let environment: TestWorkflowEnvironment;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serengeti-metrics-'));
    // The driver's program of a machine with one GPU.
    await writeFile(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "0, 87, 1024, 81559"\n');
    await chmod(join(folder, 'nvidia-smi'), 0o755);
    address = `127.0.0.1:${await freePort(0)}`;
    environment = await startServer({
      telemetryOptions: { metrics: metricsExporter({ SERENGETI_METRICS_ADDRESS: address })! },
    });
  });

  afterAll(async () => {
    await environment.teardown();
    await rm(folder, { recursive: true, force: true });
  });

  /** A stand-in that gets something done in the shell of a real step. */
  function doing<A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...progress: readonly Progress[]) {
    return (...args: A): Promise<R> =>
      durable(async ({ onProgress }) => {
        progress.forEach(onProgress);
        return await activity(...args);
      });
  }

  async function run(activities: Activities, request: object): Promise<void> {
    const options = { taskQueue: IO_TASK_QUEUE, workflowId: JSON.stringify(request), args: [request] };
    const whole = () => environment.client.workflow.execute('trainPipeline', options);
    await withWorkers(environment, activities, whole, { fresh: true });
  }

  async function scrape(): Promise<string> {
    return await (await fetch(`http://${address}/metrics`)).text();
  }

  function valueOf(text: string, metric: string, labels: string): number | undefined {
    const line = text.split('\n').find((other) => other.startsWith(`${metric}{`) && other.includes(labels));
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
  }

  it('counts work once, failures by code, and gives every figure of the dashboard', async () => {
    const base = standIns();
    let registrations = 0;
    meterGpuUse(join(folder, 'nvidia-smi'));
    await run(
      standIns({
        downloadArchive: doing(
          base.downloadArchive,
          { done: 50, reused: 50, total: 150, unit: 'bytes' },
          { done: 90, reused: 50, total: 150, unit: 'bytes' },
          { done: 150, reused: 50, total: 150, unit: 'bytes' },
        ),
        unzipSeason: doing(base.unzipSeason, { done: 9, unit: 'entries' }),
        indexSeason: doing(base.indexSeason, { done: 9, unit: 'rows' }),
        extractFeatures: doing(base.extractFeatures, { done: 2, unit: 'frames' }),
        trainHead: doing(base.trainHead, { done: 5, unit: 'epochs' }),
        registerModel: (input) =>
          durable(async () => {
            registrations += 1;
            if (registrations === 1) throw new SerengetiError('REGISTRY_BUSY', 'Others were first.');
            if (registrations === 2) throw new Error('A fault');
            return await base.registerModel(input);
          }),
      }),
      {},
    );
    await expect(run(standIns(), { catalogue: 'misspelt' })).rejects.toMatchObject({
      cause: { type: 'INPUT_INVALID' },
    });
    let text = await scrape();
    while (!text.includes('serengeti_gpu_utilization')) {
      await sleep(100);
      text = await scrape();
    }
    expect(valueOf(text, 'serengeti_bytes_total', 'activityType="downloadArchive"')).toBe(200);
    expect(valueOf(text, 'serengeti_frames_total', 'activityType="extractFeatures"')).toBe(12);
    expect(valueOf(text, 'serengeti_failures_total', 'code="REGISTRY_BUSY"')).toBe(1);
    expect(valueOf(text, 'serengeti_failures_total', 'code="UNEXPECTED"')).toBe(1);
    expect(valueOf(text, 'serengeti_gpu_utilization', 'gpu="0"')).toBeCloseTo(0.87);

    const file = join(projectRoot(), 'deploy', 'grafana', 'serengeti.json');
    const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard;
    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(10);
    expect(expressions.flatMap((expression) => unknownNames(expression, text))).toEqual([]);
  });
});

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

/** Metrics of an expression that a scrape does not have, and labels that it groups by and they do not have. */
function unknownNames(expression: string, scraped: string): string[] {
  const metrics = expression.match(/\b(serengeti|temporal)_[a-z_]+/g) ?? [];
  const labels = [...expression.matchAll(/\bby \(([^)]+)\)/g)].flatMap(([, names]) => names!.split(', '));
  return metrics.flatMap((metric) => {
    const lines = scraped.split('\n').filter((line) => line.startsWith(`${metric}{`));
    if (lines.length === 0) return [metric];
    const lacking = labels.filter((label) => !lines.some((line) => line.includes(`${label}="`)));
    return lacking.map((label) => `${metric} by ${label}`);
  });
}
