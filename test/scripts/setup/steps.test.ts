import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './support/folder';
import { ROOT, setupModule } from './support/modules';

const folder = temporaryFolder();
const PACKAGES = { 'node_modules/zebra': { version: '1.0.0', integrity: 'sha512-z' } };

/** A clone with one package and all that this one has of TensorFlow. */
beforeEach(() => {
  mkdirSync(join(folder.path, 'node_modules'));
  for (const shared of ['.serengeti', 'node_modules/@tensorflow']) {
    symlinkSync(join(ROOT, shared), join(folder.path, shared));
  }
  write('package-lock.json', PACKAGES);
  write('node_modules/.package-lock.json', PACKAGES);
});

function write(file: string, packages: object): void {
  writeFileSync(join(folder.path, file), JSON.stringify({ packages }));
}

/** Titles of what is still to be done of TensorFlow and the packages. */
async function missing(): Promise<string[]> {
  const { listSteps } = await setupModule('steps');
  const steps = listSteps({ root: folder.path, home: join(folder.path, '.serengeti') });
  return steps.filter((step) => /npm|TensorFlow/.test(step.title) && !step.isDone()).map(({ title }) => title);
}

test('nothing of TensorFlow is done again', async () => {
  expect(await missing()).toEqual([]);
});

test('with other packages the add-on is built anew, because installing them takes it away', async () => {
  write('package-lock.json', { 'node_modules/zebra': { version: '1.0.1', integrity: 'sha512-y' } });
  expect(await missing()).toEqual(['npm packages', 'TensorFlow add-on for Node']);
});
