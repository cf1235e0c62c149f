import { defineSignal, log, setHandler } from '@temporalio/workflow';

/**
 * Handles a signal whose argument is as it should be. Anybody may send any other: it is logged and has no effect. Thrown
 * from a handler, an error would fail the workflow's task at every replay, until somebody terminates the workflow.
 *
 * @param parse - throws where the argument is wrong
 */
export function handleSignal<T>(
  name: string,
  parse: (argument: unknown) => T,
  handle: (argument: T) => Promise<unknown> | void,
): void {
  setHandler(defineSignal<[unknown]>(name), async (argument) => {
    let parsed: T;
    try {
      parsed = parse(argument);
    } catch (error) {
      log.warn('A signal is ignored: its argument is wrong', { signal: name, error });
      return;
    }
    await handle(parsed);
  });
}
