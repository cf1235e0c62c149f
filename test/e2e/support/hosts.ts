import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A host of a {@link Network}: programs that run behind its command see its own network and nothing else. */
export interface Host {
  readonly name: string;
  /** Where the others reach it. */
  readonly address: string;
  /** What stands before a program's command to run it there. */
  readonly command: readonly string[];
}

/** Several hosts on one machine, as network namespaces joined by a bridge. */
export interface Network {
  /** Address of this process's side, which all hosts reach. */
  readonly address: string;
  readonly hosts: readonly Host[];
  /** Gives the hosts names, by which each finds itself and the others; as many as there are hosts. */
  nameHosts(names: readonly string[]): Promise<void>;
  /** Lets the hosts reach a port that listens on this process's loopback interface only. */
  relay(port: number): Promise<void>;
  remove(): Promise<void>;
}

let networks = 0;

/** @returns `undefined` where this process may not make network namespaces: that takes root and the `ip` command */
export async function createNetwork(count: number): Promise<Network | undefined> {
  // Not the names of the last network: the kernel takes its time to remove them.
  const id = (process.pid * 10 + networks++) % 1_000_000;
  const bridge = `sg${id}`;
  const subnet = `10.${200 + (id % 50)}.${id % 250}`;
  const hosts = Array.from({ length: count }, (_, number): Host => {
    const name = `sg${id}-${number}`;
    return { name, address: `${subnet}.${number + 2}`, command: ['ip', 'netns', 'exec', name] };
  });
  const relays: Server[] = [];
  const remove = async (): Promise<void> => {
    for (const relay of relays) relay.close();
    for (const { name } of hosts) {
      await ip('netns', 'del', name).catch(() => undefined);
      await rm(settingsOf(name), { recursive: true, force: true });
    }
    await ip('link', 'del', bridge).catch(() => undefined);
  };
  try {
    await ip('link', 'add', bridge, 'type', 'bridge');
    await ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
    for (const { name, address } of hosts) await addHost(bridge, name, `${address}/24`);
  } catch (error) {
    await remove();
    if (/not permitted|ENOENT|not supported|Unknown device type/i.test(String(error))) return undefined;
    throw error;
  }
  return {
    address: `${subnet}.1`,
    hosts,
    nameHosts: async (names) => {
      const known = hosts.map(({ address }, number) => `${address} ${names[number]}`);
      for (const { name, address } of hosts) {
        const lines = ['127.0.0.1 localhost', `${address} ${hostname()}`, ...known];
        await mkdir(settingsOf(name), { recursive: true });
        await writeFile(join(settingsOf(name), 'hosts'), `${lines.join('\n')}\n`);
      }
    },
    relay: async (port) => {
      relays.push(await startRelay(`${subnet}.1`, port));
    },
    remove,
  };
}

/** What lies in this folder takes the place of the files of `/etc` for programs on the host. */
function settingsOf(name: string): string {
  return join('/etc/netns', name);
}

async function startRelay(address: string, port: number): Promise<Server> {
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  server.listen(port, address);
  await once(server, 'listening');
  server.unref();
  return server;
}

async function addHost(bridge: string, name: string, address: string): Promise<void> {
  await ip('netns', 'add', name);
  await ip('link', 'add', `${name}b`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  await ip('link', 'set', `${name}b`, 'master', bridge, 'up');
  await ip('-n', name, 'addr', 'add', address, 'dev', 'eth0');
  await ip('-n', name, 'link', 'set', 'eth0', 'up');
  await ip('-n', name, 'link', 'set', 'lo', 'up');
}

async function ip(...parameters: string[]): Promise<void> {
  await promisify(execFile)('ip', parameters);
}
