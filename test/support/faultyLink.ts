import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request on its way; `undefined` lets it through. */
export type Fault =
  | { readonly status: number; readonly body: string }
  /** The connection breaks after so many bytes of the answer's body. */
  | { readonly cutAfter: number }
  | undefined;

export interface Passed {
  readonly method: string;
  readonly url: string;
}

/** A link to a server on which requests may fail. Signatures stay valid: the `Host` of a request is passed on as it is. */
export class FaultyLink {
  readonly url: string;
  /** Requests as they came, those that failed included. */
  readonly passed: Passed[] = [];
  fault: (passed: Passed) => Fault | Promise<Fault> = () => undefined;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async to(target: string): Promise<FaultyLink> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link = new FaultyLink(server, (server.address() as AddressInfo).port);
    server.on('request', (incoming, answer) => void link.#pass(target, incoming, answer));
    return link;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(target: string, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const passed = { method, url };
    this.passed.push(passed);
    const fault = await this.fault(passed);
    if (fault !== undefined && 'status' in fault) {
      incoming.resume();
      answer.writeHead(fault.status, { 'content-type': 'application/xml' }).end(fault.body);
      return;
    }
    const outgoing = request(`${target}${url}`, { method, headers, agent: false });
    outgoing.on('error', () => answer.destroy());
    outgoing.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      let left = fault?.cutAfter ?? Infinity;
      response.on('data', (chunk: Buffer) => {
        answer.write(chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) answer.destroy();
      });
      response.on('end', () => answer.end());
      response.on('error', () => answer.destroy());
    });
    incoming.pipe(outgoing);
  }
}

/** An S3 server's refusal. */
export function refusal(status: number, code: string): Fault {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>` };
}
