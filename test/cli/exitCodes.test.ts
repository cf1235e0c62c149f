import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { exitCodeOf } from '../../cli/exitCodes';
import { SerengetiError } from '../../lib/contracts/errors';
import { projectRoot } from '../../lib/io/home';

/** The exit code of the built program, with no server where it looks for one. */
function exitCode(...parameters: readonly string[]): number | null {
  const main = join(projectRoot(), 'dist', 'cli', 'main.js');
  const env = { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:9' };
  return spawnSync(process.execPath, [main, ...parameters], { env, timeout: 60_000 }).status;
}

describe('the exit code', () => {
  it.each([
    ['an unknown command', ['trian']],
    ['an unknown option', ['status', '--loud']],
    ['a missing argument', ['models', 'show']],
    ['a value that an option does not take', ['gc', '--keep', 'none']],
    ['no subcommand where one is needed', ['models']],
    ['a plan of an input with a wrong field', ['plan', '--input', '{"sesons":["S1"]}']],
    ['a run input with a wrong field', ['run', '--input', '{"sesons":["S1"]}']],
  ])('is 2 for %s', (_mistake, parameters) => {
    expect(exitCode(...parameters)).toBe(2);
  });

  it('is 3 where no server answers', () => {
    expect(exitCode('status')).toBe(3);
  });

  it('is 1 for whatever else fails, known or not', () => {
    expect(exitCodeOf(new SerengetiError('RUN_UNKNOWN', 'There is no run r1'))).toBe(1);
    expect(exitCodeOf(new Error('unforeseen'))).toBe(1);
  });

  it('is 0 for help and the version', () => {
    expect(exitCode('--help')).toBe(0);
    expect(exitCode('models', 'show', '--help')).toBe(0);
    expect(exitCode('--version')).toBe(0);
  });
});
