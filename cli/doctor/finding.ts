/** What a check found: one line of the doctor's report. */
export interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** What was looked at, in a word or two. */
  readonly subject: string;
  /** What was seen. */
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function ok(subject: string, text: string): Finding {
  return { verdict: 'ok', subject, text };
}

export function warn(subject: string, text: string, advice: string): Finding {
  return { verdict: 'warn', subject, text, advice };
}

export function fail(subject: string, text: string, advice: string): Finding {
  return { verdict: 'fail', subject, text, advice };
}
