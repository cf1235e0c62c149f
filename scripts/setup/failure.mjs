/** An expected failure of set-up: its message is the one line that the user sees, without a stack trace. */
export class SetupFailure extends Error {
  name = 'SetupFailure';
}
