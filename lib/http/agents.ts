import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

/**
 * Keeps connections to hosts, so that not every request begins one: straight, or by way of the proxy that
 * `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` name for an address (in either case of letters).
 */
export class Agents {
  readonly #options: { readonly keepAlive: true; readonly maxSockets: number; readonly maxFreeSockets: number };
  readonly #agents = new Map<string, HttpAgent>();

  /** @param connections - at most so many to one host at a time */
  constructor(connections: number) {
    this.#options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  }

  for(url: string): HttpAgent {
    const { protocol } = new URL(url);
    const proxy = getProxyForUrl(url);
    const key = `${protocol} ${proxy}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) this.#agents.set(key, (agent = this.#create(protocol, proxy)));
    return agent;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #create(protocol: string, proxy: string): HttpAgent {
    if (protocol === 'https:') {
      return proxy === '' ? new HttpsAgent(this.#options) : new HttpsProxyAgent(proxy, this.#options);
    }
    return proxy === '' ? new LargeReadsAgent(this.#options) : new HttpProxyAgent(proxy, this.#options);
  }
}

/** As much as a read gets at most; Node's own 64 KiB, with a new buffer each, cost a third of a fast transfer's time. */
const READ_BYTES = 256 << 10;

/** Reads from each connection into one buffer, again and again: the HTTP parser copies what it hands on. */
class LargeReadsAgent extends HttpAgent {
  override createConnection(options: NetConnectOpts): Socket {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const callback = (bytes: number): boolean => {
      socket.emit('data', buffer.subarray(0, bytes));
      return true;
    };
    const socket = connect({ ...options, onread: { buffer, callback } });
    return socket;
  }
}
