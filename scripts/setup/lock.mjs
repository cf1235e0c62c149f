import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Takes the lock that lets one set-up at a time change a clone, waiting for whoever holds it.
 *
 * The lock is a Linux abstract socket named after the clone and not a file: the kernel gives it back when its holder
 * ends, however that happens, so a lock is never stale and there is nothing to clean up.
 *
 * @param {string} root the clone
 * @param {(holder: string) => void} onWait called once if another process holds the lock, with `process 123`
 * @returns {Promise<() => Promise<void>>} gives the lock back
 */
export async function acquireLock(root, onWait) {
  const address = `\0serengeti-setup-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  for (let attempt = 0; ; attempt++) {
    const server = await listen(address);
    if (server !== undefined) return () => new Promise((resolve) => server.close(() => resolve()));
    if (attempt === 0) onWait(await askHolder(address));
    await sleep(100);
  }
}

function listen(address) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(`process ${process.pid}`);
    });
    server.on('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => {
      server.unref(); // a failed set-up ends without giving back; the kernel does it
      resolve(server);
    });
  });
}

function askHolder(address) {
  return new Promise((resolve) => {
    let holder = '';
    const socket = connect(address);
    socket.setEncoding('utf8').on('data', (text) => (holder += text));
    // A holder that is just finishing may not answer any more.
    socket.on('error', () => {}).on('close', () => resolve(holder || 'another process'));
  });
}
