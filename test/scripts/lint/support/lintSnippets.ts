import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A file of the project as it would be. */
export interface Snippet {
  readonly path: string;
  readonly code: string;
}

export interface Message {
  readonly ruleId: string | null;
  readonly message: string;
}

const ROOT = join(__dirname, '..', '..', '..', '..');

/** Lints each snippet with the project's own rules, save those that need types. */
export function lint(snippets: readonly Snippet[]): Message[][] {
  const output = execFileSync(process.execPath, [join(__dirname, 'lint.mjs')], {
    cwd: ROOT,
    input: JSON.stringify(snippets),
  });
  return JSON.parse(output.toString()) as Message[][];
}
