import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
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
    return proxy === '' ? new HttpAgent(this.#options) : new HttpProxyAgent(proxy, this.#options);
  }
}
