import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { projectRoot, serengetiHome } from '../../lib/io/home';
import { readSettings } from '../topology/compose';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: {
    readonly resources: { readonly limits?: object; readonly reservations?: { devices: unknown[] } };
  };
}

const root = projectRoot();
let text: string;
let services: Readonly<Record<string, Service>>;
let example: Readonly<Record<string, string>>;

beforeAll(async () => {
  text = await readFile(join(root, 'docker-compose.yml'), 'utf8');
  ({ services } = parse(text, { merge: true }) as { services: typeof services });
  example = await readSettings(join(root, '.env.example'));
});

const ONE_SHOT = ['schema', 'namespace', 'bucket'];

describe('docker-compose.yml', () => {
  it('is what the Compose Specification says a file is', async () => {
    const schema = JSON.parse(
      await readFile(join(serengetiHome(), 'native', 'compose-schema', 'compose-spec.json'), 'utf8'),
    ) as object;
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const validate = ajv.compile(schema);
    validate(parse(text, { merge: true }));
    expect(validate.errors).toBeNull();
    expect(validate({ services: { x: { image: 'x', restarts: 'never' } } })).toBe(false);
  });

  it('publishes the UI, the pages, the frontend and Grafana, on the loopback interface, and nothing else', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published.map(([name]) => name).sort()).toEqual(['grafana', 'pages', 'temporal', 'ui']);
    for (const [, port] of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('pins every image by a version of the example, and has no password of its own', () => {
    for (const { image } of Object.values(services)) {
      const variable = /:\$\{(\w+)/.exec(image)?.[1] ?? `no variable in ${image}`;
      expect(example[variable]).toMatch(/^(v?\d+(\.\d+)+.*|local)$/);
    }
    for (const name of ['POSTGRES_PASSWORD', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'GRAFANA_PASSWORD']) {
      expect(example[name]).toBe('');
      expect(text).not.toMatch(new RegExp(`\\$\\{${name}:-[^}]`));
    }
  });

  it('takes nothing from the environment that the example does not explain', () => {
    const used = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name));
    expect([...used].filter((name) => !(name! in example))).toEqual([]);
  });

  it('starts again what ends, and watches over what runs', () => {
    for (const [name, service] of Object.entries(services)) {
      expect([name, service.restart]).toEqual([name, ONE_SHOT.includes(name) ? 'on-failure:5' : 'unless-stopped']);
      if (ONE_SHOT.includes(name)) continue;
      if (name !== 'ui') expect([name, service.healthcheck?.test.length]).not.toEqual([name, undefined]);
      expect([name, service.deploy?.resources.limits]).not.toEqual([name, undefined]);
    }
  });

  it('waits for services that are there, in the way that they end or live', () => {
    for (const { depends_on = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect([name, condition]).toEqual([
          name,
          ONE_SHOT.includes(name) ? 'service_completed_successfully' : 'service_healthy',
        ]);
        expect(Object.keys(services)).toContain(name);
      }
    }
  });

  it('has a gpu worker for each kind of machine, one of them with a GPU', () => {
    expect(services['gpu-worker']).toMatchObject({ profiles: ['gpu'], command: ['worker', 'gpu'] });
    expect(services['gpu-worker']!.deploy!.resources.reservations!.devices).toEqual([
      { driver: 'nvidia', count: 1, capabilities: ['gpu'] },
    ]);
    expect(services['gpu-worker-cpu']).toMatchObject({ profiles: ['cpu'], command: ['worker', 'gpu'] });
    expect(example.COMPOSE_PROFILES).toBe('cpu');
  });

  it("calls the program's own commands", async () => {
    for (const name of ['io-worker', 'gpu-worker', 'gpu-worker-cpu']) {
      const { command = [], healthcheck } = services[name]!;
      expect(healthcheck!.test.slice(0, 3)).toEqual(['CMD', 'node', '/app/dist/cli/main.js']);
      for (const parameters of [command, healthcheck!.test.slice(3, 5)]) {
        const main = join(root, 'dist', 'cli', 'main.js');
        const { stdout } = await promisify(execFile)(process.execPath, [main, ...parameters, '--help']);
        expect(stdout).toContain(`Usage: serengeti ${parameters.join(' ')}`);
      }
    }
  });
});

describe('the Dockerfile', () => {
  it('has nothing that its linter minds', async () => {
    const hadolint = join(serengetiHome(), 'native', 'hadolint', 'hadolint');
    const { stdout } = await promisify(execFile)(hadolint, ['--format', 'json', join(root, 'Dockerfile')]);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it('ends as a user that may do nothing, with the program and without the compiler', async () => {
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    const runtime = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(runtime).toMatch(/\nUSER 1000:1000\n/);
    expect(runtime).not.toMatch(/apt-get|npm /);
  });
});
