import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { serengetiHome } from '../../lib/io/home';
import { freePort } from '../../workers/ports';

/** Where the server puts a socket for each of its ports, whatever it is told. */
const SOCKETS = '/tmp';
const START_MILLISECONDS = 60_000;

/** A real S3 server (SeaweedFS) in a process of its own, on a folder. */
export class S3Server {
  readonly endpoint: string;
  readonly #folder: string;
  readonly #host: string;
  readonly #ports: readonly number[];
  #child: ChildProcess | undefined;

  private constructor(folder: string, host: string, ports: readonly number[]) {
    this.#folder = folder;
    this.#host = host;
    this.#ports = ports;
    this.endpoint = `http://${host}:${ports[0]}`;
  }

  /** @param host - address to listen on */
  static async start(folder: string, host = '127.0.0.1'): Promise<S3Server> {
    const ports: number[] = [];
    while (ports.length < 8) {
      const port = await freePort(0);
      if (!ports.includes(port)) ports.push(port);
    }
    const server = new S3Server(folder, host, ports);
    await server.restart();
    return server;
  }

  /** What a worker's environment needs for this server. */
  get environment() {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: 'serengeti',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      AWS_REGION: 'us-east-1',
    } as const;
  }

  /** For what a test does behind the product's back. */
  client(endpoint = this.endpoint): S3Client {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
    } = this.environment;
    return new S3Client({
      ...{ endpoint, region, forcePathStyle: true, maxAttempts: 1 },
      credentials: { accessKeyId, secretAccessKey },
    });
  }

  async createBucket(bucket: string): Promise<void> {
    await this.#untilDone((client) => client.send(new CreateBucketCommand({ Bucket: bucket })));
  }

  /** Starts the server on what it left on disk, and waits until it takes objects. */
  async restart(): Promise<void> {
    await mkdir(join(this.#folder, 'data'), { recursive: true });
    const log = openSync(join(this.#folder, 'server.log'), 'a');
    const [s3, s3Grpc, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc] = this.#ports;
    const options = {
      ...{ dir: join(this.#folder, 'data'), ip: this.#host, 'ip.bind': this.#host },
      ...{ s3: true, 's3.iam': false, 's3.port': s3, 's3.port.grpc': s3Grpc, 's3.port.iceberg': 0, 's3.port.lance': 0 },
      ...{ 'master.port': master, 'master.port.grpc': masterGrpc, 'master.volumeSizeLimitMB': 512 },
      // A master that starts on what another one left waits for its peers that long, also where there are none.
      ...{ 'master.electionTimeout': '500ms', 'master.heartbeatInterval': '100ms' },
      ...{ 'volume.port': volume, 'volume.port.grpc': volumeGrpc, 'volume.max': 0 },
      ...{ 'filer.port': filer, 'filer.port.grpc': filerGrpc },
    };
    const parameters = Object.entries(options).map(([name, value]) => `-${name}=${value}`);
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = this.environment;
    this.#child = spawn(join(serengetiHome(), 'native', 'seaweedfs', 'weed'), ['server', ...parameters], {
      env: { PATH: process.env.PATH, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, HOME: this.#folder },
      stdio: ['ignore', log, log],
    });
    await this.createBucket('ready');
    await this.#untilDone((client) => client.send(new PutObjectCommand({ Bucket: 'ready', Key: 'ready', Body: '1' })));
  }

  /** As a power cut does. To end in good order takes the server half a minute. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const sockets = (await readdir(SOCKETS)).filter((name) =>
      this.#ports.some((port) => name.startsWith('seaweedfs-') && name.endsWith(`-${port}.sock`)),
    );
    await Promise.all(sockets.map((name) => rm(join(SOCKETS, name), { force: true })));
  }

  async #untilDone(call: (client: S3Client) => Promise<unknown>): Promise<void> {
    const client = this.client();
    const deadline = performance.now() + START_MILLISECONDS;
    try {
      for (;;) {
        try {
          await call(client);
          return;
        } catch (error) {
          if (/^BucketAlready/.test((error as Error).name)) return;
          if (performance.now() > deadline || this.#child?.exitCode != null) throw error;
          await sleep(100);
        }
      }
    } finally {
      client.destroy();
    }
  }
}
