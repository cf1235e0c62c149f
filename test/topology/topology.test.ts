import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot, serengetiHome } from '../../lib/io/home';
import { serveFolder, simulateCatalog, type FolderServer } from '../../simulator';
import { readComposeFile, readSettings, type ComposeFile } from './compose';
import { Topology } from './topology';

const RUN_MILLISECONDS = 480_000;
const MAIN = ['node', '/app/dist/cli/main.js'];

let folder: string;
let topology: Topology;
let mirror: FolderServer;
let run: { readonly status: number | null; readonly output: string };

async function until(met: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + RUN_MILLISECONDS / 2; !met(); await sleep(50)) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
  }
}

/** As a user does by `docker compose exec`. */
function serengeti(...parameters: string[]): ReturnType<typeof runIn> {
  return runIn('io-worker', [...MAIN, ...parameters]);
}

function runIn(service: string, command: readonly string[]): Promise<typeof run> {
  return topology.container(service).exec(command);
}

/** The file's services but the UI, which only looks. */
async function composeFile(): Promise<ComposeFile> {
  const root = projectRoot();
  const secret = (): string => randomBytes(24).toString('hex');
  const file = await readComposeFile(join(root, 'docker-compose.yml'), {
    ...(await readSettings(join(root, '.env.example'))),
    POSTGRES_PASSWORD: secret(),
    SERENGETI_PAGES_TOKEN: secret(),
    S3_ACCESS_KEY_ID: secret(),
    S3_SECRET_ACCESS_KEY: secret(),
    SERENGETI_CODEC_KEY: randomBytes(32).toString('base64'),
  });
  const { ui: _, ...services } = file.services;
  return { ...file, services };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-topology-'));
  // PostgreSQL's user has to get there, too.
  await chmod(folder, 0o755);
  topology = await Topology.up(await composeFile(), folder);
  const published = join(serengetiHome(), 'test', 'topology');
  await simulateCatalog(published, { sequences: 40, width: 640, height: 480 });
  mirror = await serveFolder({ directory: published, host: topology.address });
  const ended = serengeti('run', '--catalog', `${mirror.url}catalog.json`);
  await until(() => /extractFeatures/.test(topology.container('gpu-worker-cpu').output), 'features begin');
  await Promise.all(['gpu-worker-cpu', 'temporal'].map((name) => topology.kill(name)));
  run = await ended;
}, RUN_MILLISECONDS);

afterAll(async () => {
  await topology?.down();
  await mirror?.close();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

describe('docker-compose.yml without containers', () => {
  it('takes a run to its end, although a worker and the Temporal server were killed at its features', () => {
    expect(run).toMatchObject({ status: 0 });
    expect(topology.starts('gpu-worker-cpu')).toBe(2);
    expect(topology.starts('temporal')).toBe(2);
  });

  it('has the run in PostgreSQL', async () => {
    const query = `SELECT workflow_type_name, status FROM executions_visibility WHERE parent_workflow_id IS NULL`;
    const { output } = await runIn('postgresql', [
      ...['psql', '--username=temporal', '--dbname=temporal_visibility', '--tuples-only', '--no-align'],
      ...['--command', query],
    ]);
    expect(output).toContain('trainPipeline|2');
  });

  it('has the model in the bucket', async () => {
    const { output } = await serengeti('models', 'list');
    expect(output).toContain('m1');
  });

  it.each(['schema', 'namespace', 'bucket'])('changes nothing when the job %s runs again', async (name) => {
    const { entrypoint = [], command = [] } = topology.container(name).service;
    expect(await runIn(name, [...entrypoint, ...command])).toMatchObject({ status: 0 });
  });

  it.each(['postgresql', 'temporal', 's3', 'io-worker', 'gpu-worker-cpu'])('says that %s is healthy', async (name) => {
    expect(await topology.isHealthy(name)).toBe(true);
  });
});
