import type { z } from 'zod';
import { SerengetiError, type ErrorCode } from './errors';

/**
 * Checks a value of unknown origin against a schema and fills in the defaults.
 *
 * @throws SerengetiError with `code`, listing every problem at once: its place, what was wrong, and the value.
 */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, code: ErrorCode, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const place = issue.path.map(String).join('.') || '(root)';
    return `${place}: ${issue.message}${quote(valueAt(value, issue.path))}`;
  });
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  throw new SerengetiError(code, `${what} has ${count}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, {
    details: { problems },
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

function quote(value: unknown): string {
  if (value === undefined || (typeof value === 'object' && value !== null)) return '';
  const text = JSON.stringify(value);
  return `, got ${text.length > 80 ? `${text.slice(0, 77)}…` : text}`;
}
