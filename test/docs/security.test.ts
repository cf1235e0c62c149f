import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/io/home';

it('the tests that docs/security.md names are there', () => {
  const named = readFileSync(join(projectRoot(), 'docs', 'security.md'), 'utf8').match(/test\/[\w/.]+\.test\.ts/g)!;
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(projectRoot(), path)))).toEqual([]);
});
