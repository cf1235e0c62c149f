export { counted as plural, formatBytes as bytes, formatCount as count } from '../contracts/format';

/** A share of 0 to 1 as `81.3 %`, which no line break parts; `—` for what could not be computed. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || !Number.isFinite(share)
    ? '—'
    : `${(share * 100).toFixed(digits)}\u00a0%`;
}

/** A log loss: four decimals, as leaderboards show it. */
export function loss(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : '—';
}

/** `0.42 s`, `12 s`, `3 min 20 s`, `2 h 5 min` */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `S1`, `S1 and S2`, `S1, S2 and S3` */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
