import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'yaml';

/** A service of a Compose file, as far as running it takes. */
export interface Service {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** As in `name:/path` or `./folder:/path:ro`. */
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly healthcheck?: Healthcheck;
}

export type Condition = 'service_healthy' | 'service_completed_successfully';

export interface Healthcheck {
  readonly test: readonly ['CMD' | 'CMD-SHELL', ...string[]];
  readonly interval: string;
  readonly retries: number;
  readonly start_period?: string;
}

export interface ComposeFile {
  /** Paths in it begin here. */
  readonly folder: string;
  readonly services: Readonly<Record<string, Service>>;
}

/**
 * The services that `docker compose up` would start.
 *
 * @param settings - variables, as `.env` has them
 */
export async function readComposeFile(path: string, settings: Readonly<Record<string, string>>): Promise<ComposeFile> {
  const { services } = parse(await readFile(path, 'utf8'), { merge: true }) as Pick<ComposeFile, 'services'>;
  const profiles = settings.COMPOSE_PROFILES?.split(',') ?? [];
  const wanted = Object.entries(services).filter(
    ([, service]) => service.profiles === undefined || service.profiles.some((profile) => profiles.includes(profile)),
  );
  return { folder: dirname(path), services: substituted(Object.fromEntries(wanted), settings) };
}

/** Variables as `.env` files have them. */
export async function readSettings(path: string): Promise<Record<string, string>> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2) as [string, string]));
}

/** https://docs.docker.com/reference/compose-file/interpolation/: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `$$` */
const VARIABLE = /\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g;

function substituted<T>(node: T, settings: Readonly<Record<string, string>>): T {
  if (typeof node === 'string') {
    return node.replace(VARIABLE, (found, name: string | undefined, how: string | undefined, text: string) => {
      if (name === undefined) return '$';
      const value = settings[name] ?? '';
      if (value === '' && how === '?') throw new Error(`${found}: ${name} is not set: ${text}`);
      return value === '' && how === '-' ? text : value;
    }) as T;
  }
  if (Array.isArray(node)) return node.map((child: unknown) => substituted(child, settings)) as T;
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, substituted(child, settings)])) as T;
}

/** Milliseconds of a duration such as `30s`. */
export function milliseconds(duration: string): number {
  return Number(/^(\d+)s$/.exec(duration)![1]) * 1000;
}
