import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mirror } from '../../../../lib/contracts/catalog';
import type { TransferPolicy } from '../../../../lib/seasons';
import { serveFolder, type FolderServer, type ServeOptions } from '../../../../lib/simulator/server/serveFolder';

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

/** Servers that a test starts, closed after it. */
export function servers(): { start(options: ServeOptions): Promise<FolderServer> } {
  let started: FolderServer[] = [];
  afterEach(async () => {
    await Promise.all(started.map((server) => server.close()));
    started = [];
  });
  return {
    async start(options) {
      const server = await serveFolder(options);
      started.push(server);
      return server;
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
