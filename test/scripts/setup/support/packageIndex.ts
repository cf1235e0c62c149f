import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { Wheel } from './modules';

/** What the index does with the next requests for a file, one after the other; then it answers well. */
export type Fault = 'truncate' | 'replace';

/** A Python package index on this machine, as pip reads it, that can be told to fail. */
export class PackageIndex {
  readonly #files = new Map<string, { name: string; bytes: Buffer; faults: Fault[] }>();
  readonly #server: Server;
  /** How often each file was asked for. */
  readonly requests = new Map<string, number>();

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request.url ?? '', response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** An environment in which pip knows this index, and nothing else of the user's. */
  get environment(): NodeJS.ProcessEnv {
    const { port } = this.#server.address() as AddressInfo;
    return {
      PATH: process.env.PATH,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: `http://127.0.0.1:${port}/simple`,
      PIP_NO_CACHE_DIR: '1',
      PIP_RETRIES: '0',
      PIP_TIMEOUT: '5',
    };
  }

  /** Publishes a wheel with these entries and says how it would be pinned. */
  async publish(
    name: string,
    entries: Readonly<Record<string, Buffer | string>>,
    {
      tags = 'py3-none-any',
      version = '1.0.0',
      faults = [],
    }: { tags?: string; version?: string; faults?: Fault[] } = {},
  ): Promise<Wheel> {
    const file = `${name}-${version}-${tags}.whl`;
    const bytes = await zip({
      ...entries,
      [`${name}-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
      [`${name}-${version}.dist-info/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: ${tags}\n`,
      [`${name}-${version}.dist-info/RECORD`]: '',
    });
    this.#files.set(file, { name, bytes, faults: [...faults] });
    return {
      name,
      version,
      file,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      keep: { [`${name}/`]: '' },
      keptBytes: bytes.length,
    };
  }

  #answer(url: string, response: ServerResponse): void {
    const project = /^\/simple\/([^/]+)\/$/.exec(url)?.[1];
    if (project !== undefined) {
      const files = [...this.#files].filter(([, { name }]) => name === project).map(([file]) => file);
      response.setHeader('content-type', 'text/html');
      return void response.end(files.map((file) => `<a href="/files/${file}">${file}</a>`).join('\n'));
    }
    const file = url.replace(/^\/files\//, '');
    const found = this.#files.get(file);
    if (found === undefined) return void response.writeHead(404).end();
    this.requests.set(file, (this.requests.get(file) ?? 0) + 1);
    const fault = found.faults.shift();
    const bytes = fault === 'replace' ? Buffer.concat([found.bytes, randomBytes(1)]) : found.bytes;
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    if (fault === undefined || fault === 'replace') return void response.end(bytes);
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      if (fault === 'truncate') response.destroy();
    });
  }
}

async function zip(entries: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(entries))
    archive.addBuffer(Buffer.from(content), name, { mode: 0o100755 });
  archive.end();
  return buffer(archive.outputStream);
}
