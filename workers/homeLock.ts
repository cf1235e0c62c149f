import { once } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { serengetiHome } from '../lib/io/home';

/**
 * Keeps a home for one embedded system: two would write to one database. The lock is a socket without a file, so it ends
 * with its process, however that ends, and is nobody's who merely got the same process number.
 */
export class HomeLock {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `undefined` when another process has it. */
  static async take(): Promise<HomeLock | undefined> {
    // Whoever connects wants to know only that somebody is there.
    const server = createServer((socket) => socket.destroy());
    server.listen(await address());
    try {
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
      throw error;
    }
    // It must not keep alive a process that has nothing else to do.
    server.unref();
    return new HomeLock(server);
  }

  /** Whether a process has it now. */
  static async isTaken(): Promise<boolean> {
    const socket = connect(await address());
    try {
      await once(socket, 'connect');
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false;
      throw error;
    } finally {
      socket.destroy();
    }
  }

  async release(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** An abstract socket address of Linux: named after the folder itself, whatever path leads there. */
async function address(): Promise<string> {
  const folder = join(serengetiHome(), 'state');
  await mkdir(folder, { recursive: true });
  const { dev, ino } = await stat(folder);
  return `\0serengeti-home-${dev}-${ino}`;
}
