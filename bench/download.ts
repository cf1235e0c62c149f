import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { statIfThere } from '../lib/io/files';
import { benchFolder, measure, type BenchReport } from './harness';
import { bestOf, requirePeers, secondsOf } from './peerPrograms';
import { places, type Place } from './places';

const BYTES = 2 * 2 ** 30;
const FILE = 'season.zip';
const ROUNDS = 2;

type Contestant = 'ours' | 'aria2c' | 'curl';

/** A season's archive from nginx over loopback: beside `aria2c -x8` and `curl`, until it is where it belongs. */
export async function run(): Promise<BenchReport> {
  await requirePeers(['nginx', 'aria2c', 'curl']);
  const source = await prepareSource();
  const server = await startNginx(source);
  const rows: string[][] = [['into', 'program', 'seconds', 'MB/s', 'ours is']];
  const ratios: Record<string, number> = {};
  let peakBytes = 0;
  try {
    for (const place of await places('download', BYTES)) {
      const best = await bestOf<Contestant>(ROUNDS, {
        ours: () =>
          timed(place, async (target) => {
            const program = join(__dirname, 'programs', 'download.js');
            const { result, seconds } = await measure<{ peakBytes: number }>(process.execPath, [
              program,
              server.url,
              FILE,
              target,
            ]);
            peakBytes = Math.max(peakBytes, result.peakBytes);
            return seconds;
          }),
        aria2c: () => timed(place, (target) => secondsOf('aria2c', aria2cArguments(server.url, place.folder, target))),
        curl: () =>
          timed(place, (target) => secondsOf('curl', ['--silent', '--fail', '--output', target, server.url + FILE])),
      });
      for (const [name, seconds] of Object.entries(best)) {
        const ratio = seconds / best.ours;
        rows.push([place.name, name, seconds.toFixed(2), (BYTES / seconds / 1e6).toFixed(0), `${ratio.toFixed(2)} ×`]);
        if (name !== 'ours') ratios[`${place.name}: ${name} / ours`] = Number(ratio.toFixed(3));
      }
      await place.clear();
    }
  } finally {
    await server.stop();
  }
  rows.push(['', 'most memory of ours', `${(peakBytes / 1e6).toFixed(0)} MB`, '', '']);
  ratios['memory of ours / 200 MB'] = Number((peakBytes / 200e6).toFixed(3));
  return { rows, ratios };
}

/** One download into a fresh folder. Peers leave their bytes to the system; ours are synced when it ends. */
async function timed(place: Place, download: (target: string) => Promise<number>): Promise<number> {
  await place.clear();
  await place.settle();
  const target = join(place.folder, FILE);
  const seconds = await download(target);
  const started = performance.now();
  await place.settle();
  const settling = (performance.now() - started) / 1000;
  const { size } = await stat(target);
  if (size !== BYTES) throw new Error(`${target} has ${size} bytes instead of ${BYTES}`);
  return seconds + settling;
}

function aria2cArguments(url: string, folder: string, target: string): string[] {
  const quiet = ['--quiet', '--no-conf', '--file-allocation=none'];
  const parallel = ['--max-connection-per-server=8', '--split=8', '--min-split-size=1M'];
  return [...quiet, ...parallel, `--dir=${folder}`, `--out=${target.slice(folder.length + 1)}`, url + FILE];
}

/** @returns the folder that is served */
async function prepareSource(): Promise<string> {
  const folder = join(benchFolder('download'), 'source');
  const path = join(folder, FILE);
  if ((await statIfThere(path))?.size === BYTES) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const block = randomBytes(64 << 20);
  const file = await open(path, 'w');
  for (let written = 0; written < BYTES; written += block.length) await file.write(block);
  await file.sync();
  await file.close();
  return folder;
}

async function startNginx(source: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = join(benchFolder('download'), 'nginx');
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), nginxConfiguration(folder, source, port));
  const server = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]);
  const url = `http://127.0.0.1:${port}/`;
  await answering(url, server);
  return {
    url,
    async stop() {
      server.kill('SIGQUIT');
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}

function nginxConfiguration(folder: string, source: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes auto;
pid ${folder}/nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server { listen 127.0.0.1:${port}; root ${source}; }
}
`;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    try {
      await promisify(execFile)('curl', ['--silent', '--fail', '--head', url + FILE]);
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`nginx did not start; see ${join(benchFolder('download'), 'nginx', 'error.log')}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
