import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, serengetiHome } from '../../../../lib/io/home';

/** Runs a script in the Python environment that set-up prepares for tests; a failing script fails the test. */
export async function python(script: string, ...args: string[]): Promise<void> {
  const interpreter = join(serengetiHome(), 'python', 'bin', 'python');
  await promisify(execFile)(interpreter, [join(projectRoot(), script), ...args], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', PYTHONDONTWRITEBYTECODE: '1' },
  });
}
