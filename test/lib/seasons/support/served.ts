import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mirror } from '../../../../lib/contracts/catalog';
import type { TransferPolicy } from '../../../../lib/seasons';
import type { Fault } from '../../../../simulator/server/faults';
import { serveFolder, type FolderServer, type ServeOptions } from '../../../../simulator/server/serveFolder';

/** Waits of milliseconds instead of seconds. */
export const QUICK: Partial<TransferPolicy> = {
  connectTimeoutMs: 5_000,
  answerTimeoutMs: 5_000,
  stallTimeoutMs: 1_000,
  attempts: 3,
  pauseMs: 20,
  longestPauseMs: 100,
  slowAfterMs: 300,
};

export interface Servers {
  start(options: ServeOptions): Promise<FolderServer>;
  /** Serves files by name and content, from a new folder below `folder`. */
  startWith(folder: string, files: Readonly<Record<string, string>>, faults: readonly Fault[]): Promise<FolderServer>;
}

/** Starts servers that know one answer each, closed after the test. Returns their addresses. */
export function bareServers(): (listener: RequestListener) => Promise<string> {
  let started: Server[] = [];
  afterEach(() => {
    for (const server of started) {
      server.closeAllConnections();
      server.close();
    }
    started = [];
  });
  return async (listener) => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    started.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
}

/** Servers that a test starts, closed after it. */
export function servers(): Servers {
  let started: FolderServer[] = [];
  afterEach(async () => {
    await Promise.all(started.map((server) => server.close()));
    started = [];
  });
  const start = async (options: ServeOptions): Promise<FolderServer> => {
    const server = await serveFolder(options);
    started.push(server);
    return server;
  };
  return {
    start,
    async startWith(folder, files, faults) {
      const directory = await mkdtemp(join(folder, 'server-'));
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(directory, name)), { recursive: true });
        await writeFile(join(directory, name), content);
      }
      return await start({ directory, faults });
    },
  };
}

export function mirror(name: string, server: Pick<FolderServer, 'url'>): Mirror {
  return { name, url: server.url };
}

/** Writes a file of random bytes and gives them. */
export async function randomFile(folder: string, name: string, bytes: number): Promise<Buffer> {
  const data = randomBytes(bytes);
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), data);
  return data;
}
