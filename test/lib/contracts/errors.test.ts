import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../../lib/contracts/errors';
import { errorTable } from '../../../lib/contracts/errorTable';
import { projectRoot } from '../../../lib/io/home';

it('docs/errors.md shows the codes that the program has', () => {
  const page = readFileSync(join(projectRoot(), 'docs', 'errors.md'), 'utf8');
  expect(page.slice(page.indexOf('\n| ') + 1)).toBe(errorTable());
});

it('every code is one that a test expects', () => {
  const tests = readdirSync(join(projectRoot(), 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(projectRoot(), 'test', name), 'utf8'))
    .join('\n');
  const named = new Set(tests.match(/\b[A-Z]+(_[A-Z]+)+\b/g));
  expect(Object.keys(ERRORS).filter((code) => !named.has(code))).toEqual([]);
});
