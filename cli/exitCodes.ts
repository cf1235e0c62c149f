import { isSerengetiError } from '../lib/contracts/errors';

/** How the program ends, for scripts: docs/operations.md has the same table. Codes are stable. */
export const EXIT_CODES = {
  /** Also an answer that is no, such as of `doctor` and `worker health`. */
  failed: 1,
  /** Nothing was begun: the command, an option, a setting or the run's input has to be corrected first. */
  usage: 2,
  /** The same command may do once a server is up. */
  serverUnreachable: 3,
  /** As shells say it of SIGINT; the same command goes on. */
  interrupted: 130,
} as const;

export function exitCodeOf(error: unknown): number {
  if (!isSerengetiError(error)) return EXIT_CODES.failed;
  if (error.code === 'INPUT_INVALID') return EXIT_CODES.usage;
  if (error.code === 'SERVER_UNREACHABLE') return EXIT_CODES.serverUnreachable;
  return EXIT_CODES.failed;
}
