import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lint } from './support/lintSnippets';

const ROOT = join(__dirname, '..', '..', '..');

const CONFIG = `
import { circles } from ${JSON.stringify(pathToFileURL(join(ROOT, 'scripts/lint/circles.mjs')))};
import { parser } from ${JSON.stringify(pathToFileURL(join(ROOT, 'node_modules/typescript-eslint/dist/index.js')))};
export default [{
  files: ['**/*.ts'],
  languageOptions: { parser },
  plugins: { house: { rules: { circles } } },
  rules: { 'house/circles': 'error' },
}];`;

interface Result {
  readonly filePath: string;
  readonly messages: readonly { readonly message: string }[];
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'circles-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Lints a folder of such files with this one rule. @returns what it says of each, where it says something */
function circlesOf(files: Readonly<Record<string, string>>): Record<string, string[]> {
  for (const [name, code] of Object.entries({ ...files, 'eslint.config.mjs': CONFIG }))
    writeFileSync(join(folder, name), code);
  const eslint = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', '.'],
    { cwd: folder, encoding: 'utf8' },
  );
  if (eslint.stderr !== '') throw new Error(eslint.stderr);
  const results = (JSON.parse(eslint.stdout) as Result[]).filter(({ messages }) => messages.length > 0);
  return Object.fromEntries(
    results.map(({ filePath, messages }) => [basename(filePath), messages.map(({ message }) => message)]),
  );
}

const circle = (way: string): string[] => [`Imports in a circle: ${way}. Move what both need to a file of its own.`];

it('tells every file of a circle, with the way round', () => {
  expect(
    circlesOf({
      'a.ts': `import { b } from './b'; export const a = b;`,
      'b.ts': `export { c as b } from './c';`,
      'c.ts': `export const c = (): unknown => import('./a.js');`,
      'outside.ts': `import { a } from './a'; export const outside = a;`,
    }),
  ).toEqual({
    'a.ts': circle('a.ts → b.ts → c.ts → a.ts'),
    'b.ts': circle('b.ts → c.ts → a.ts → b.ts'),
    'c.ts': circle('c.ts → a.ts → b.ts → c.ts'),
  });
});

it('counts types: to read one of such files takes both', () => {
  expect(
    circlesOf({
      'a.ts': `import type { B } from './b'; export interface A { readonly b: B }`,
      'b.ts': `export interface B { readonly a: import('./a').A }`,
    }),
  ).toEqual({ 'a.ts': circle('a.ts → b.ts → a.ts'), 'b.ts': circle('b.ts → a.ts → b.ts') });
});

it('has nothing against two ways to the same file', () => {
  expect(
    circlesOf({
      'a.ts': `import { b } from './b'; import { c } from './c'; export const a = [b, c];`,
      'b.ts': `import { c } from './c'; export const b = c;`,
      'c.ts': `export const c = 1;`,
    }),
  ).toEqual({});
});

it('holds in the project', () => {
  const [messages] = lint([
    { path: 'lib/contracts/steps.ts', code: `import type { Span } from './run'; export type S = Span;` },
  ]);
  expect(messages).toContainEqual({
    ruleId: 'serengeti/circles',
    message: expect.stringContaining('in a circle') as string,
  });
});
