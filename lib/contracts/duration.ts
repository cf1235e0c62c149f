const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
/** Whole words only: `1month` is no minute. */
const FORM = /^(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)$/;

/** Milliseconds of a time as people write it: `90s`, `6h`, `7 days`; `undefined` for anything else. */
export function readDuration(text: string): number | undefined {
  const [, amount, unit] = FORM.exec(text.trim()) ?? [];
  return unit === undefined ? undefined : Number(amount) * UNITS[unit[0] as keyof typeof UNITS];
}
