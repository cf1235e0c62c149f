import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** The preferred port on the loopback interface, or another free one when it is taken. */
export async function freePort(preferred: number): Promise<number> {
  const server = createServer();
  server.listen({ port: preferred, host: '127.0.0.1' });
  try {
    await once(server, 'listening');
  } catch (error) {
    if (preferred !== 0 && (error as NodeJS.ErrnoException).code === 'EADDRINUSE') return await freePort(0);
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
