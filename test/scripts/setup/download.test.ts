import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { Lines, setupModule, type SetupModules, type Wheel } from './support/modules';
import { PackageIndex } from './support/packageIndex';

const CONTENT = { 'animal/zebra.txt': 'zebra', 'animal/noise': Buffer.alloc(300_000, 7) };

const index = new PackageIndex();
const folder = temporaryFolder();
let modules: SetupModules['download'];

beforeAll(async () => {
  await index.start();
  modules = await setupModule('download');
});
afterAll(() => index.stop());

function download(wheel: Wheel, progress = new Lines()): Promise<string> {
  return modules.download(wheel, join(folder.path, 'wheels'), { python: 'python3', progress, env: index.environment });
}

describe('download', () => {
  it('fetches the pinned file and nothing else', async () => {
    const wheel = await index.publish('animal', CONTENT);
    const path = await download(wheel);
    expect(path).toBe(join(folder.path, 'wheels', wheel.file));
    expect(readFileSync(path)).toHaveLength(wheel.bytes);
    expect(readdirSync(join(folder.path, 'wheels'))).toEqual([wheel.file]);
  });

  it('asks for the tags of the pinned file, whatever Python there is', async () => {
    const tags = 'cp312-cp312-manylinux_2_27_aarch64';
    await index.publish('otter', CONTENT, { tags: 'cp313-cp313-manylinux_2_27_aarch64', version: '1.0.0' });
    const wheel = await index.publish('otter', CONTENT, { tags });
    expect(await download(wheel)).toMatch(tags);
  });

  it('starts again when the connection breaks', async () => {
    const wheel = await index.publish('badger', CONTENT, { faults: ['truncate'] });
    const progress = new Lines();
    expect(readFileSync(await download(wheel, progress))).toHaveLength(wheel.bytes);
    // A pip that resumes gets there in one attempt of ours.
    expect(index.requests.get(wheel.file)).toBe(2);
    expect(progress.lines.every((line) => line.includes('badger 1.0.0 could not be downloaded'))).toBe(true);
  });

  it('starts again when the bytes are wrong once', async () => {
    const wheel = await index.publish('civet', CONTENT, { faults: ['replace'] });
    expect(readFileSync(await download(wheel))).toHaveLength(wheel.bytes);
  });

  it('gives up with one line and leaves nothing when the bytes stay wrong', async () => {
    const wheel = { ...(await index.publish('genet', CONTENT)), sha256: 'f'.repeat(64) };
    const { sha256: got } = await index.publish('genet', CONTENT);
    await expect(download(wheel)).rejects.toMatchObject({
      name: 'SetupFailure',
      message: expect.stringMatching(
        `^genet-1\\.0\\.0-py3-none-any\\.whl is not the pinned file .*expected f{64}, got ${got}\\. Run set-up again.*$`,
      ),
    });
    expect(existsSync(join(folder.path, 'wheels'))).toBe(false);
    expect(index.requests.get(wheel.file)).toBe(3);
  });

  it('gives up with one line and leaves nothing when the connection breaks again and again', async () => {
    const wheel = await index.publish('hare', CONTENT, { faults: Array<'truncate'>(40).fill('truncate') });
    await expect(download(wheel)).rejects.toMatchObject({
      name: 'SetupFailure',
      message: expect.stringMatching(/^hare 1\.0\.0 could not be downloaded: .+$/),
    });
    expect(existsSync(join(folder.path, 'wheels'))).toBe(false);
  });

  it("says pip's reason when the index does not have the file", async () => {
    const wheel: Wheel = { ...(await index.publish('kudu', CONTENT)), version: '2.0.0' };
    await expect(download(wheel)).rejects.toMatchObject({
      name: 'SetupFailure',
      message: expect.stringMatching(/^kudu 2\.0\.0 could not be downloaded: No matching distribution found/),
    });
  });
});

describe('tagParameters', () => {
  it('takes Python, ABI and platform from the file name', () => {
    expect(modules.tagParameters('tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl')).toEqual([
      '--platform',
      'manylinux_2_27_x86_64',
      '--python-version',
      '3.12',
      '--implementation',
      'cp',
      '--abi',
      'cp312',
    ]);
  });

  it('takes several platforms, and any Python', () => {
    expect(modules.tagParameters('a_b-1.9.1-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl')).toEqual([
      '--platform',
      'manylinux2014_x86_64',
      '--platform',
      'musllinux_1_1_x86_64',
    ]);
  });
});
