import type { Progress } from './progress';

const COUNT = new Intl.NumberFormat('en-US');
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

export function formatCount(value: number): string {
  return COUNT.format(Math.round(value));
}

/** Decimal units, three significant digits: 1.25 GB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value.toFixed(0) : value.toPrecision(3)} ${BYTE_UNITS[unit]}`;
}

/** The two largest units that matter: 42 s, 3 min 5 s, 2 h 10 min, 4 d 6 h. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

export function formatAmount(value: number, unit: Progress['unit']): string {
  return unit === 'bytes' ? formatBytes(value) : formatCount(value);
}

/** How far something is: `3 of 12`, or only how much where nobody knows of how much. */
export function formatDone({ done, total, unit }: Pick<Progress, 'done' | 'total' | 'unit'>): string {
  return total === undefined ? formatAmount(done, unit) : `${formatAmount(done, unit)} of ${formatAmount(total, unit)}`;
}

export function formatRate(perSecond: number, unit: Progress['unit']): string {
  if (unit === 'bytes') return `${formatBytes(perSecond)}/s`;
  return `${perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond)} ${unit}/s`;
}

/** A point in time to the minute, in UTC: `2026-11-24 16:13`. @param time - as `Date` takes it */
export function formatMinute(time: Date | string | number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

export function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A count and its noun, for sentences. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}
