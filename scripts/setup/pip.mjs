import { run } from './command.mjs';

/**
 * Runs pip without what the user's settings might do to a command that installs nothing for the user.
 *
 * @param {string} python
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ ok: boolean, error: string }>} the error is pip's last word
 */
export async function pip(python, parameters, env = process.env) {
  const { ok, status, output } = await run(python, ['-m', 'pip', ...parameters, '--quiet', '--no-input'], {
    env: {
      ...env,
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_REQUIRE_VIRTUALENV: '0',
      PIP_USER: '0',
      // From pip 25.1 on a broken connection is resumed; older ones ignore the setting.
      PIP_RESUME_RETRIES: '5',
    },
  });
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^(WARNING|\[notice\])/.test(line));
  const last = lines.filter((line) => line.startsWith('ERROR: ')).at(-1) ?? lines.at(-1) ?? status;
  return { ok, error: last.replace(/^ERROR: /, '').trim() };
}
