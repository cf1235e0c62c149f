/** Options of the commands that start runs or plan them. */
export interface RunCommandOptions {
  readonly catalog?: string;
  readonly input: object;
  readonly id?: string;
}

/** The run input that the options stand for. */
export function requestOf({ input, catalog }: RunCommandOptions): { readonly catalog?: string } {
  return { ...input, ...(catalog === undefined ? {} : { catalog }) };
}
