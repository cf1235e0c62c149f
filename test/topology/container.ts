import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Host } from '../e2e/support/hosts';
import type { ComposeFile, Service } from './compose';
import { IMAGES, type Image } from './images';

const LINES_KEPT = 20_000;

/** What a service's container is, without a container engine: its programs on a host of its own, with its own environment. */
export class Container {
  readonly name: string;
  readonly service: Service;
  readonly host: Host;
  readonly #image: Image;
  /** Paths of the container → paths here; longest first. */
  readonly #paths: readonly (readonly [string, string])[];
  readonly #folder: string;
  readonly #lines: string[] = [];

  /** @param folder - for volumes and for what the container writes */
  constructor(name: string, { folder: files, services }: ComposeFile, host: Host, folder: string) {
    this.name = name;
    this.service = services[name]!;
    this.host = host;
    this.#folder = join(folder, 'containers', name);
    const [image = ''] = this.service.image.split(':');
    this.#image = IMAGES[image]!;
    const volumes = (this.service.volumes ?? []).map((volume) => {
      const [source = '', target = ''] = volume.split(':');
      return [target, source.startsWith('.') ? join(files, source) : join(folder, 'volumes', source)] as const;
    });
    const own = (this.#image.folders ?? []).map((path) => [path, join(this.#folder, path)] as const);
    this.#paths = [...Object.entries(this.#image.paths ?? {}), ...volumes, ...own].sort(
      ([a], [b]) => b.length - a.length,
    );
  }

  /** Everything that it wrote. */
  get output(): string {
    return this.#lines.join('\n');
  }

  /** Makes what the image has at its first start. */
  async create(): Promise<void> {
    for (const path of [this.#folder, ...this.#paths.map(([, here]) => here)]) await mkdir(path, { recursive: true });
    for (const [link, target] of Object.entries(this.#image.links ?? {})) await symlink(target, this.#place(link));
  }

  /** Starts the service's own command, or another one in its place. */
  start(): ChildProcess {
    const { entrypoint = this.#image.entrypoint ?? [], command = this.#image.command ?? [] } = this.service;
    return this.#spawn([...entrypoint, ...command]);
  }

  /** Runs a command beside the service's own. @returns its exit status and what it wrote */
  async exec(command: readonly string[]): Promise<{ readonly status: number | null; readonly output: string }> {
    const lines: string[] = [];
    const child = this.#spawn(command, lines);
    await once(child, 'close');
    return { status: child.exitCode, output: lines.join('\n') };
  }

  #spawn(command: readonly string[], lines = this.#lines): ChildProcess {
    const environment = { ...this.#image.environment, ...this.service.environment };
    const [program = '', ...parameters] = [...this.host.command, ...command.map((word) => this.#place(word))];
    const child = spawn(program, parameters, {
      env: {
        PATH: [...this.#image.programs, '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(':'),
        HOME: this.#folder,
        ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, this.#place(value)])),
      },
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own group, so that what it starts ends with it.
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > LINES_KEPT) lines.shift();
      });
    }
    return child;
  }

  /** A text with the container's paths in it, as paths of this machine. */
  #place(text: string): string {
    for (const [path, here] of this.#paths) {
      const found = new RegExp(`(?<![\\w/])${path}(?![\\w-])`, 'g');
      if (found.test(text)) return text.replace(found, here);
    }
    return text;
  }
}

/** Ends a process and all that it started. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  process.kill(-child.pid, signal);
  await once(child, 'exit');
}
