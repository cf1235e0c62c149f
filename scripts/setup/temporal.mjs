import { findOnPath, isExecutable } from './command.mjs';
import { SetupFailure } from './failure.mjs';

/**
 * The user's own Temporal command line: $TEMPORAL_CLI_PATH, or `temporal` on PATH. Without one set-up fetches it.
 *
 * @returns {string | undefined}
 */
export function findTemporal(env = process.env) {
  const given = env.TEMPORAL_CLI_PATH;
  if (given && !isExecutable(given)) {
    throw new SetupFailure(`TEMPORAL_CLI_PATH is ${given}, which is not a program: correct it, or unset it`);
  }
  return given || findOnPath('temporal', env.PATH);
}
