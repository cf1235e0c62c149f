import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot, serengetiHome } from '../../lib/io/home';
import { temporalCommand } from '../../workers/temporalServer';

/** What an image holds, from the programs on this machine. */
export interface Image {
  /** Folders of its programs. */
  readonly programs: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its own paths are here. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Folders that it writes to, besides volumes: each container has its own. */
  readonly folders?: readonly string[];
  /** Links in those folders. */
  readonly links?: Readonly<Record<string, string>>;
}

const PROGRAMS = join(__dirname, 'programs');
const native = join(serengetiHome(), 'native');
const temporalServer = join(native, 'temporal-server');

/** Those of the newest PostgreSQL that the system has: its server is seldom on PATH. */
function postgresqlPrograms(root = '/usr/lib/postgresql'): string {
  const versions = existsSync(root)
    ? readdirSync(root)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  const found = versions
    .map((version) => join(root, String(version), 'bin'))
    .find((bin) => existsSync(join(bin, 'postgres')));
  if (found === undefined) throw new Error(`No PostgreSQL below ${root}: apt install postgresql`);
  return found;
}

/** By the image's name, without its version. */
export const IMAGES: Readonly<Record<string, Image>> = {
  postgres: {
    programs: [postgresqlPrograms()],
    entrypoint: [join(PROGRAMS, 'postgres-entrypoint')],
    environment: { PGDATA: '/var/lib/postgresql/data', PGHOST: '/var/run/postgresql' },
    folders: ['/var/run/postgresql'],
  },
  'temporalio/admin-tools': {
    programs: [temporalServer, dirname(temporalCommand())],
    paths: { '/etc/temporal/schema': join(temporalServer, 'schema') },
  },
  'temporalio/server': {
    programs: [temporalServer, PROGRAMS],
    command: ['bash', join(temporalServer, 'entrypoint.sh')],
  },
  'chrislusf/seaweedfs': { programs: [join(native, 'seaweedfs')], entrypoint: ['weed', '-logtostderr=true'] },
  serengeti: {
    programs: [dirname(process.execPath)],
    entrypoint: ['node', '/app/dist/cli/main.js'],
    environment: { NODE_ENV: 'production', SERENGETI_CACHE: '/cache', SERENGETI_HOME: '/app/.serengeti' },
    paths: { '/app/dist': join(projectRoot(), 'dist') },
    folders: ['/app/.serengeti'],
    links: { '/app/.serengeti/native': native },
  },
};
