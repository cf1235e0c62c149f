import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { ROOT, setupModule, type AddonPlaces, type SetupModules } from './support/modules';

const PACKAGE = 'node_modules/@tensorflow/tfjs-node-gpu';
const NATIVE = join(ROOT, '.serengeti', 'native');

const folder = temporaryFolder();
let modules: SetupModules['addon'];
let places: AddonPlaces;

beforeAll(async () => {
  modules = await setupModule('addon');
});

/** A clone with the sources of the add-on, and TensorFlow by a link. */
beforeEach(async () => {
  const root = join(folder.path, 'clone');
  await cp(join(ROOT, PACKAGE, 'binding'), join(root, PACKAGE, 'binding'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/node-api-headers'), join(root, 'node_modules/node-api-headers'));
  const library = readdirSync(NATIVE).find((name) => /^tensorflow-(cpu|gpu)$/.test(name))!;
  mkdirSync(join(root, '.serengeti'));
  symlinkSync(NATIVE, join(root, '.serengeti/native'));
  places = { root, tensorflow: join(root, '.serengeti/native', library, 'tensorflow'), library };
});

function addonFolder(): string[] {
  const path = join(places.root, PACKAGE, 'lib/napi-v8');
  return existsSync(path) ? readdirSync(path).sort() : [];
}

/** What the add-on of a clone says of its library. */
function loadAddon(root: string): string {
  const program = `console.log(require('./${PACKAGE}/lib/napi-v8/tfjs_binding.node').TF_Version)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--eval', program], { cwd: root, encoding: 'utf8' });
  return stdout || stderr;
}

describe('buildAddon', () => {
  it('compiles an add-on that finds TensorFlow, also where the clone is moved to', async () => {
    await modules.buildAddon(places, ['g++']);
    expect(modules.isAddonBuilt(places)).toBe(true);
    expect(addonFolder()).toEqual(['stamp', 'tfjs_binding.node']);

    const moved = join(folder.path, 'moved');
    await cp(places.root, moved, { recursive: true, verbatimSymlinks: true });
    rmSync(places.root, { recursive: true });
    expect(loadAddon(moved)).toBe('2.21.0\n');
  });

  it('finds a TensorFlow that is kept outside the clone', async () => {
    const outside = { ...places, tensorflow: join(NATIVE, places.library, 'tensorflow') };
    await modules.buildAddon(outside, ['g++', '-O0']);
    rmSync(join(places.root, '.serengeti'), { recursive: true });
    expect(loadAddon(places.root)).toBe('2.21.0\n');
    expect(modules.isAddonBuilt(outside)).toBe(true);
    expect(modules.isAddonBuilt(places)).toBe(false);
  });

  it('is made anew for another library', async () => {
    await modules.buildAddon(places, ['g++', '-O0']);
    expect(modules.isAddonBuilt({ ...places, library: 'another' })).toBe(false);
  });

  it("says the compiler's reason in one line, and leaves nothing", async () => {
    await expect(modules.buildAddon(places, ['g++', '-Dnapi_value=zebra!'])).rejects.toMatchObject({
      name: 'SetupFailure',
      message: expect.stringMatching(/^TensorFlow's Node add-on could not be compiled with g\+\+: .*error.*$/),
    });
    expect(addonFolder()).toEqual([]);
    expect(modules.isAddonBuilt(places)).toBe(false);
  });
});
