import { runInputSchema } from '../lib/contracts/runInput';
import { parseWith } from '../lib/contracts/validate';

/** Options of the commands that start runs or plan them. */
export interface RunCommandOptions {
  readonly catalog?: string;
  readonly input: object;
  readonly id?: string;
}

/**
 * The run input that the options stand for. Checked before anybody looks for a server: a mistake shows at once.
 *
 * @throws SerengetiError INPUT_INVALID
 */
export function requestOf({ input, catalog }: RunCommandOptions): { readonly catalog?: string } {
  const request = { ...input, ...(catalog === undefined ? {} : { catalog }) };
  parseWith(runInputSchema, request, 'INPUT_INVALID', 'The run input');
  return request;
}
