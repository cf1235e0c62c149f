import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNetwork, type Network } from '../e2e/support/hosts';
import { milliseconds, type ComposeFile, type Condition } from './compose';
import { Container, end } from './container';

const POLL_MILLISECONDS = 500;
const RESTART_MILLISECONDS = 200;
const TAIL = 40;

/** The services of a Compose file, each on a network host of its own that has the service's name. */
export class Topology {
  readonly #network: Network;
  readonly #containers: ReadonlyMap<string, Container>;
  readonly #running = new Map<string, ChildProcess>();
  readonly #starts = new Map<string, number>();
  readonly #met = new Map<string, Promise<void>>();
  #stopping = false;

  private constructor(network: Network, containers: ReadonlyMap<string, Container>) {
    this.#network = network;
    this.#containers = containers;
  }

  /**
   * Starts all services in the order that they ask for, and waits until jobs have ended and the rest is healthy.
   *
   * @param folder - for volumes and for what containers write
   */
  static async up(file: ComposeFile, folder: string): Promise<Topology> {
    const names = Object.keys(file.services);
    const network = await createNetwork(names.length);
    if (network === undefined) throw new Error('Network namespaces cannot be made here: that takes root and `ip`');
    await network.nameHosts(names);
    const containers = names.map((name, number) => {
      return [name, new Container(name, file, network.hosts[number]!, folder)] as const;
    });
    const topology = new Topology(network, new Map(containers));
    try {
      await Promise.all(names.map((name) => topology.#start(name)));
    } catch (error) {
      await topology.down();
      throw error;
    }
    return topology;
  }

  /** Address of this process, which all services reach. */
  get address(): string {
    return this.#network.address;
  }

  container(name: string): Container {
    return this.#containers.get(name)!;
  }

  /** How often a service was started. */
  starts(name: string): number {
    return this.#starts.get(name) ?? 0;
  }

  /** As a power cut does; the service's restart policy takes it from there. */
  async kill(name: string): Promise<void> {
    await end(this.#running.get(name)!, 'SIGKILL');
  }

  async down(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running.values()].map((child) => end(child, 'SIGKILL')));
    await this.#network.remove();
  }

  async isHealthy(name: string): Promise<boolean> {
    const container = this.container(name);
    const [kind, ...command] = container.service.healthcheck!.test;
    const words = kind === 'CMD' ? command : ['/bin/sh', '-c', ...command];
    return (await container.exec(words)).status === 0;
  }

  /** Starts a service when what it depends on is as it wants it. Once, also for several that wait for it. */
  #start(name: string): Promise<void> {
    const met = this.#met.get(name) ?? this.#startAfterOthers(name);
    this.#met.set(name, met);
    return met;
  }

  async #startAfterOthers(name: string): Promise<void> {
    const container = this.container(name);
    const { depends_on = {}, restart, healthcheck } = container.service;
    await Promise.all(Object.keys(depends_on).map((other) => this.#start(other)));
    for (const [other, { condition }] of Object.entries(depends_on)) this.#checkCondition(other, condition);
    await container.create();
    if (restart.startsWith('on-failure')) return await this.#runJob(container, Number(restart.split(':')[1]));
    void this.#keepUp(container);
    const { start_period = '0s', interval, retries } = healthcheck!;
    const deadline = Date.now() + milliseconds(start_period) + retries * milliseconds(interval);
    while (!(await this.isHealthy(name))) {
      if (Date.now() > deadline) throw new Error(`${name} is not healthy in time:\n${tailOf(container)}`);
      await sleep(POLL_MILLISECONDS);
    }
  }

  #checkCondition(name: string, condition: Condition): void {
    const isJob = this.container(name).service.restart.startsWith('on-failure');
    const wanted = isJob ? 'service_completed_successfully' : 'service_healthy';
    if (condition !== wanted) throw new Error(`${name} will never be ${condition}`);
  }

  /** Runs a one-shot service to its end, again and again while it fails. */
  async #runJob(container: Container, retries: number): Promise<void> {
    for (let failures = 0; failures <= retries; failures++) {
      const child = this.#launch(container);
      await once(child, 'close');
      if (child.exitCode === 0 || this.#stopping) return;
      await sleep(RESTART_MILLISECONDS * 2 ** failures);
    }
    throw new Error(`${container.name} failed ${retries + 1} times:\n${tailOf(container)}`);
  }

  /** `restart: unless-stopped` */
  async #keepUp(container: Container): Promise<void> {
    while (!this.#stopping) {
      await once(this.#launch(container), 'exit');
      await sleep(RESTART_MILLISECONDS);
    }
  }

  #launch(container: Container): ChildProcess {
    const child = container.start();
    this.#running.set(container.name, child);
    this.#starts.set(container.name, this.starts(container.name) + 1);
    return child;
  }
}

function tailOf({ output }: Container): string {
  return output.split('\n').slice(-TAIL).join('\n');
}
