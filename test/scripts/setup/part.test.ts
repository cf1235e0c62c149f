import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from './support/folder';
import { Lines, ROOT, setupModule, type Part, type SetupModules } from './support/modules';
import { PackageIndex } from './support/packageIndex';

const index = new PackageIndex();
const folder = temporaryFolder();
let modules: SetupModules['part'];

beforeAll(async () => {
  await index.start();
  modules = await setupModule('part');
});
afterAll(() => index.stop());

function install(part: Part): Promise<void> {
  return modules.installPart(part, folder.path, { python: 'python3', progress: new Lines(), env: index.environment });
}

async function zebra(): Promise<Part> {
  const wheel = await index.publish('zebra', {
    'zebra/lib/stripes.so': Buffer.alloc(100_000, 1),
    'zebra/include/a/b.h': 'b',
    'zebra/python/large.py': 'left out',
  });
  return {
    directory: 'zebra',
    wheels: [{ ...wheel, keep: { 'zebra/lib/': 'zebra/', 'zebra/include/a': 'headers/a' } }],
  };
}

describe('installPart', () => {
  it('unpacks what is used, and leaves neither the wheel nor anything else', async () => {
    const part = await zebra();
    await install(part);
    expect(readdirSync(folder.path)).toEqual(['zebra']);
    const files = readdirSync(join(folder.path, 'zebra'), { recursive: true, withFileTypes: true }).filter((f) =>
      f.isFile(),
    );
    expect(files.map(({ name }) => name).sort()).toEqual(['b.h', 'stamp.json', 'stripes.so']);
    expect(readFileSync(join(folder.path, 'zebra/headers/a/b.h'), 'utf8')).toBe('b');
    expect(statSync(join(folder.path, 'zebra/zebra/stripes.so')).mode & 0o777).toBe(0o755);
    expect(modules.isPartInstalled(part, folder.path)).toBe(true);
  });

  it('leaves a safetensors file in the place of a PyTorch checkpoint', async () => {
    const checkpoint = readFileSync(join(ROOT, 'test/lib/model/weights/fixtures/legacy.pth'));
    const wheel = await index.publish('quagga', { 'quagga/mane.pth': checkpoint });
    const convert = { 'mane.pth': 'mane.safetensors' };
    const part: Part = { directory: 'quagga', wheels: [{ ...wheel, keep: { 'quagga/': '' }, convert }] };
    await install(part);
    expect(readdirSync(join(folder.path, 'quagga')).sort()).toEqual(['mane.safetensors', 'stamp.json']);
    expect(modules.isPartInstalled(part, folder.path)).toBe(true);
    const damaged = await index.publish('damaged', { 'damaged/mane.pth': checkpoint.subarray(0, 100) });
    await expect(
      install({ directory: 'damaged', wheels: [{ ...damaged, keep: { 'damaged/': '' }, convert }] }),
    ).rejects.toMatchObject({
      name: 'SetupFailure',
      message: expect.stringMatching(/mane\.pth could not be converted/),
    });
    expect(readdirSync(folder.path)).toEqual(['quagga']);
  });

  it('puts several wheels into one part', async () => {
    const { wheels } = await zebra();
    const quagga = await index.publish('quagga', { 'quagga/q.so': 'q' });
    const part: Part = { directory: 'herd', wheels: [...wheels, quagga] };
    await install(part);
    expect(readdirSync(join(folder.path, 'herd')).sort()).toEqual(['headers', 'q.so', 'stamp.json', 'zebra']);
  });

  it('sees that a file is gone, or is cut short, or that another wheel is pinned, and repairs it', async () => {
    const part = await zebra();
    await install(part);
    rmSync(join(folder.path, 'zebra/headers/a/b.h'));
    expect(modules.isPartInstalled(part, folder.path)).toBe(false);
    await install(part);
    expect(modules.isPartInstalled(part, folder.path)).toBe(true);
    truncateSync(join(folder.path, 'zebra/zebra/stripes.so'), 10);
    expect(modules.isPartInstalled(part, folder.path)).toBe(false);
    await install(part);
    const [wheel] = part.wheels;
    expect(modules.isPartInstalled({ ...part, wheels: [{ ...wheel!, sha256: '0' }] }, folder.path)).toBe(false);
  });

  it('keeps what was there when the new wheel is not the pinned one', async () => {
    const part = await zebra();
    await install(part);
    const [wheel] = part.wheels;
    const wrong: Part = { ...part, wheels: [{ ...wheel!, sha256: '0'.repeat(64) }] };
    await expect(install(wrong)).rejects.toMatchObject({ name: 'SetupFailure' });
    expect(readdirSync(folder.path)).toEqual(['zebra']);
    expect(modules.isPartInstalled(part, folder.path)).toBe(true);
  });

  it('leaves nothing when a wheel lacks what should be kept', async () => {
    const part = await zebra();
    const [wheel] = part.wheels;
    await expect(
      install({ ...part, wheels: [{ ...wheel!, keep: { ...wheel!.keep, 'zebra/lib64/': '' } }] }),
    ).rejects.toMatchObject({
      name: 'SetupFailure',
      message: expect.stringMatching(/zebra-1\.0\.0-py3-none-any\.whl has no entry that begins with zebra\/lib64\/$/),
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('says how much space it needs', async () => {
    const part = await zebra();
    const [wheel] = part.wheels;
    await expect(install({ ...part, wheels: [{ ...wheel!, keptBytes: 1e18 }] })).rejects.toMatchObject({
      name: 'SetupFailure',
      message: expect.stringMatching(/^zebra needs \d+\.\d MB of disk, and \S+ has \d+\.\d MB free$/),
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('leaves no half part when it is killed while it unpacks, and starts anew', async () => {
    const wheel = await index.publish('giraffe', { 'giraffe/a': 'a', 'giraffe/neck': Buffer.alloc(100_000_000) });
    const part: Part = { directory: 'giraffe', wheels: [wheel] };
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { installPart } from ${JSON.stringify(join(ROOT, 'scripts/setup/part.mjs'))};
         import { Progress } from ${JSON.stringify(join(ROOT, 'scripts/setup/progress.mjs'))};
         await installPart(${JSON.stringify(part)}, ${JSON.stringify(folder.path)}, { python: 'python3', progress: new Progress(), env: process.env });`,
      ],
      { env: index.environment, stdio: 'ignore', detached: true },
    );
    const closed = once(child, 'close');
    const partial = join(folder.path, `giraffe.${child.pid}.partial`);
    while (!existsSync(join(partial, 'neck'))) await sleep(5);
    process.kill(-child.pid!, 'SIGKILL');
    await closed;

    expect(readdirSync(folder.path)).not.toContain('giraffe');
    expect(modules.isPartInstalled(part, folder.path)).toBe(false);
    await install(part);
    expect(modules.isPartInstalled(part, folder.path)).toBe(true);
    expect(readdirSync(folder.path)).toEqual(['giraffe']);
    expect(statSync(join(folder.path, 'giraffe/neck')).size).toBe(100_000_000);
  });

  it("removes its own remainders and no other part's", async () => {
    mkdirSync(join(folder.path, 'zebra.1.partial'));
    mkdirSync(join(folder.path, 'zebra-crossing'));
    writeFileSync(join(folder.path, 'zebra.1.download'), '');
    await install(await zebra());
    expect(readdirSync(folder.path)).toEqual(['zebra', 'zebra-crossing']);
  });
});

describe('pinnedPart', () => {
  it('has every part for this machine, each wheel whole', async () => {
    const { PINS } = await setupModule('pins');
    for (const [directory, byPlatform] of Object.entries(PINS)) {
      for (const [platform, wheels] of Object.entries(byPlatform)) {
        expect(modules.pinnedPart(directory, platform).wheels).toBe(wheels);
        for (const { name, version, file, sha256, keep, keptBytes, bytes } of wheels) {
          expect(file.startsWith(`${name.replaceAll('-', '_')}-${version}-`)).toBe(true);
          expect(sha256).toMatch(/^[0-9a-f]{64}$/);
          expect(Object.keys(keep)).not.toHaveLength(0);
          expect(Math.min(bytes, keptBytes)).toBeGreaterThan(0);
        }
      }
    }
  });

  it('says where a part is to be had', () => {
    expect(() => modules.pinnedPart('tensorflow-gpu', 'linux-arm64')).toThrow(
      'tensorflow-gpu is not to be had for linux-arm64, only for linux-x64',
    );
  });
});
