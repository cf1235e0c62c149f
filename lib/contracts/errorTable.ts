import { ERRORS } from './errors';

const HEADER = ['code', 'tried again', 'run waits', 'what to do'];

/** The error table in Markdown, as `docs/errors.md` shows it. */
export function errorTable(): string {
  const rows = Object.entries(ERRORS).map(([code, error]) => [
    `\`${code}\``,
    error.retry ? 'yes' : 'no',
    'waits' in error ? 'yes' : 'no',
    error.repair,
  ]);
  const widths = HEADER.map((_, column) => Math.max(...[HEADER, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`;
  return [HEADER, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}
