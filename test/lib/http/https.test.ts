import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openTransport } from '../../../lib/http/openTransport';
import { temporaryFolder } from '../../support/folders';
import { Program } from '../seasons/support/process';

const folder = temporaryFolder();
/** A certificate of its own for 127.0.0.1, signed by nobody else. */
const TLS = join(__dirname, 'support', 'tls');
const BODY = Buffer.alloc(300_000, 'frame');

let server: Server;
let url: string;

beforeAll(async () => {
  const key = await readFile(join(TLS, 'key.pem'));
  const cert = await readFile(join(TLS, 'certificate.pem'));
  server = createServer({ key, cert }, (request, response) => {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const headers = { 'accept-ranges': 'bytes', etag: '"1"' };
    if (start === undefined) {
      response.writeHead(200, { ...headers, 'content-length': BODY.length });
      return response.end(request.method === 'HEAD' ? undefined : BODY);
    }
    const part = BODY.subarray(Number(start), Number(end) + 1);
    response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${end}/${BODY.length}` });
    return response.end(part);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.close();
});

it('downloads over https from a host whose certificate is trusted', async () => {
  const target = join(folder(), 'S1.zip');
  const mirrors = [{ name: 'own', url }];
  const trusting = { NODE_EXTRA_CA_CERTS: join(TLS, 'certificate.pem') };
  const program = new Program('downloadProgram.ts', { mirrors, path: 'S1.zip', target, connections: 2 }, trusting);
  expect(await program.end()).toBe(0);
  expect((await readFile(target)).equals(BODY)).toBe(true);
});

it('leaves a host whose certificate is not, and says why', async () => {
  const transport = openTransport(1);
  await expect(transport.facts(`${url}S1.zip`)).rejects.toMatchObject({
    code: 'SOURCE_FORBIDDEN',
    then: 'leave',
    message: expect.stringContaining('self-signed certificate'),
  });
  await transport.close();
});
