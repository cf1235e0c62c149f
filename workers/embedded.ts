import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serengetiHome } from '../lib/io/home';
import { readFileIfThere, writeFileAtomic } from '../lib/io/files';
import { SerengetiError } from '../lib/contracts/errors';
import { HomeLock } from './homeLock';
import { metricsExporter } from './metrics';
import { freePort } from './ports';
import { readSettings } from './settings';
import { Supervised, type Program } from './supervisor';
import { localEnvironment } from './temporal';
import { connectWhenReady, keepEndedRuns, temporalServer } from './temporalServer';

const TEMPORAL_PORT = 7233;
const UI_PORT = 8233;
const MIRROR_PORT = 8234;
const PAGES_PORT = 8235;
const IO_METRICS_PORT = 9464;
const GPU_METRICS_PORT = 9465;

/** Where the parts of an embedded system answer. */
export interface Addresses {
  readonly temporal: string;
  readonly ui: string;
  readonly sample: string;
  /** The pages over the store. */
  readonly pages: string;
  /** The process that supervises it. */
  readonly pid: number;
}

export interface Embedded {
  readonly addresses: Addresses;
  readonly logs: string;
  stop(): Promise<void>;
}

/**
 * Has this home to itself for as long as `use` takes.
 *
 * @throws SerengetiError ALREADY_UP while another process has it
 */
export async function withHome(use: () => Promise<void>): Promise<void> {
  const lock = await HomeLock.take();
  if (lock === undefined) throw await alreadyUp();
  try {
    // Left behind by a process that was killed: it says where nothing answers.
    await rm(addressFile(), { force: true });
    await use();
  } finally {
    await lock.release();
  }
}

async function alreadyUp(): Promise<SerengetiError> {
  const other = await findEmbedded();
  const state =
    other === undefined ? 'being started by another process' : `up already (process ${other.pid}, ${other.ui})`;
  return new SerengetiError('ALREADY_UP', `The embedded system of ${serengetiHome()} is ${state}`);
}

/**
 * Everything on one machine, on the loopback interface: the Temporal development server, a mirror of the sample
 * seasons, the pages over the store, one io worker and one gpu worker, each a process of its own that is started again when it ends. Within
 * {@link withHome} only.
 *
 * @param onExit - told each time one of them ends by itself
 */
export async function startEmbedded(onExit: (name: string, reason: string) => void): Promise<Embedded> {
  const home = serengetiHome();
  const logs = join(home, 'logs');
  await mkdir(join(home, 'state'), { recursive: true });
  const [port, uiPort, mirrorPort, pagesPort, ioMetricsPort, gpuMetricsPort] = await Promise.all(
    [TEMPORAL_PORT, UI_PORT, MIRROR_PORT, PAGES_PORT, IO_METRICS_PORT, GPU_METRICS_PORT].map(freePort),
  );
  const addresses: Addresses = {
    temporal: `127.0.0.1:${port}`,
    ui: `http://127.0.0.1:${uiPort}`,
    sample: `http://127.0.0.1:${mirrorPort}/catalog.json`,
    pages: `http://127.0.0.1:${pagesPort}`,
    pid: process.pid,
  };
  const environment = {
    ...localEnvironment(addresses.temporal),
    SERENGETI_SAMPLE_URL: addresses.sample,
    SERENGETI_UI_URL: addresses.ui,
    // Its runs go on with whatever was built since: there is no other worker that could end them.
    SERENGETI_DEPLOYMENT: '',
  };
  const running: Supervised[] = [];
  const start = (program: Program): void => {
    const supervised = new Supervised(program);
    supervised.on('exit', (reason) => onExit(program.name, reason));
    running.push(supervised);
  };
  const stop = async (): Promise<void> => {
    // Workers first: they hand their work back to a server that still listens.
    for (const supervised of running.reverse()) await supervised.stop();
    await rm(addressFile(), { force: true });
  };

  try {
    const temporalLog = join(logs, 'temporal.log');
    start(
      temporalServer({
        port: port!,
        uiPort: uiPort!,
        databaseFile: join(home, 'state', 'temporal.db'),
        logFile: temporalLog,
      }),
    );
    const connection = await connectWhenReady(addresses.temporal);
    await keepEndedRuns(connection);
    await connection.close();
    for (const { name, parameters, metricsPort } of [
      { name: 'mirror', parameters: ['mirror', '--port', String(mirrorPort)], metricsPort: undefined },
      { name: 'pages', parameters: ['serve', '--port', String(pagesPort)], metricsPort: undefined },
      { name: 'io worker', parameters: ['worker', 'io'], metricsPort: ioMetricsPort },
      { name: 'gpu worker', parameters: ['worker', 'gpu'], metricsPort: gpuMetricsPort },
    ]) {
      start({
        ...ownProgram(parameters),
        name,
        environment: { ...environment, ...metricsAddress(metricsPort) },
        logFile: join(logs, `${name.replace(' ', '-')}.log`),
      });
    }
    await writeFileAtomic(addressFile(), `${JSON.stringify(addresses)}\n`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { addresses, logs, stop };
}

/** A Prometheus endpoint of each worker's own, unless the figures go elsewhere or nowhere. */
function metricsAddress(port: number | undefined): NodeJS.ProcessEnv {
  const exporter = metricsExporter();
  const elsewhere = process.env.SERENGETI_METRICS_ADDRESS === 'off' || (exporter !== undefined && 'otel' in exporter);
  return port === undefined || elsewhere ? {} : { SERENGETI_METRICS_ADDRESS: `127.0.0.1:${port}` };
}

/** The embedded system that another process of this user keeps up, if there is one. */
export async function findEmbedded(): Promise<Addresses | undefined> {
  if (!(await HomeLock.isTaken())) return undefined;
  const text = await readFileIfThere(addressFile());
  return text === undefined ? undefined : (JSON.parse(text) as Addresses);
}

/** Where the sample catalog is served: as `SERENGETI_SAMPLE_URL` says, else by the embedded system if it is up. */
export async function findSampleUrl(): Promise<string | undefined> {
  return readSettings().sampleUrl ?? (await findEmbedded())?.sample;
}

function addressFile(): string {
  return join(serengetiHome(), 'state', 'embedded.json');
}

/** This program again, with other arguments. */
function ownProgram(parameters: readonly string[]): Pick<Program, 'command' | 'arguments'> {
  return { command: process.execPath, arguments: [join(__dirname, '..', 'cli', 'main.js'), ...parameters] };
}
