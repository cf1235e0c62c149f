import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { ROOT, setupModule, type SetupModules } from './support/modules';

const folder = temporaryFolder();
let modules: SetupModules['build'];

beforeAll(async () => {
  modules = await setupModule('build');
});

/** A small project with the compiler and the settings of this one. */
beforeEach(() => {
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  copyFileSync(join(ROOT, 'tsconfig.json'), join(folder.path, 'tsconfig.json'));
  write('package-lock.json', '{}');
  write('lib/zebra.ts', 'export const legs: number = 4;\n');
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder.path, path)), { recursive: true });
  writeFileSync(join(folder.path, path), content);
}

function built(path: string): string | undefined {
  const file = join(folder.path, 'dist', path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

describe('build', () => {
  it('compiles the sources and puts what else they need beside them', async () => {
    write('lib/report/page.css', 'body {}');
    write('test/zebra.json', '[]');
    expect(modules.isBuilt(folder.path)).toBe(false);
    await modules.build(folder.path);
    expect(modules.isBuilt(folder.path)).toBe(true);
    expect(built('lib/zebra.js')).toContain('exports.legs = 4');
    expect(built('lib/report/page.css')).toBe('body {}');
    expect(built('test/zebra.json')).toBeUndefined();
    expect(built('workflow-bundle.js')).toBeUndefined();
  });

  it('sees every change, and forgets what is gone', async () => {
    write('lib/quagga.ts', 'export const alive = false;\n');
    write('lib/quagga.css', '');
    await modules.build(folder.path);
    expect(built('lib/quagga.js')).toBeDefined();

    write('lib/zebra.ts', 'export const legs: number = 44;\n');
    rmSync(join(folder.path, 'lib/quagga.ts'));
    rmSync(join(folder.path, 'lib/quagga.css'));
    expect(modules.isBuilt(folder.path)).toBe(false);
    await modules.build(folder.path);
    expect(modules.isBuilt(folder.path)).toBe(true);
    expect(built('lib/zebra.js')).toContain('exports.legs = 44');
    expect(['js', 'js.map', 'css'].map((extension) => built(`lib/quagga.${extension}`))).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('fails in one line after the errors of the compiler, and is not taken for built', async () => {
    write('lib/zebra.ts', "export const legs: number = 'four';\n");
    await expect(modules.build(folder.path)).rejects.toMatchObject({
      name: 'SetupFailure',
      message: 'The TypeScript sources do not compile: the errors are above',
    });
    expect(modules.isBuilt(folder.path)).toBe(false);
  });

  it('bundles the workflows', async () => {
    write(
      'workflows/index.ts',
      "import { sleep } from '@temporalio/workflow';\nexport async function doze(): Promise<void> {\n  await sleep(1000);\n}\n",
    );
    await modules.build(folder.path);
    expect(built('workflow-bundle.js')).toContain('doze');
    expect(built('workflow-bundle.js.partial')).toBeUndefined();
  });
});
